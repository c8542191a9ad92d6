import Foundation
import Synchronization
import Testing

/// The compiler, for Swift that a test has just had generated.
enum SwiftCompiler {
    static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().path

    /// Has it look at these files, against the modules of this very build.
    ///
    /// - Parameter search: a folder of modules that win over this build's.
    static func typecheck(
        _ sources: [String], search: String? = nil
    ) async throws -> (isGood: Bool, words: String) {
        let client = "\(root)/Packages/DatabaseClient/Sources"
        return try await run(
            ["-typecheck", "-swift-version", "6", "-parse-as-library"]
                + (search.map { ["-I", $0] } ?? []) + [
                    "-I", "\(root)/.build/debug/Modules", "-I", "\(client)/CLibPQ", "-I", "\(client)/CEpoll",
                    "-Xcc", "-I/usr/include/postgresql",
                ] + sources)
    }

    /// Grove's ExactTypes, and its SharedTypes without its events, as a repository of somebody else's begins.
    static func copySharedTypes(to folder: URL) throws {
        let packages = folder.appending(path: "Packages")
        try FileManager.default.createDirectory(at: packages, withIntermediateDirectories: true)
        for package in ["ExactTypes", "SharedTypes"] {
            try FileManager.default.copyItem(
                at: URL(fileURLWithPath: root).appending(path: "Packages/\(package)"),
                to: packages.appending(path: package))
        }
        try FileManager.default.removeItem(
            at: packages.appending(path: "SharedTypes/Sources/SharedTypes/Events"))
    }

    /// ExactTypes, SharedTypes with the repository's own keys in it, and then the package against both and this build's
    /// client.
    static func typecheck(package: String, in folder: URL) async throws {
        let modules = folder.appending(path: "modules")
        try FileManager.default.createDirectory(at: modules, withIntermediateDirectories: true)
        for name in ["ExactTypes", "SharedTypes"] {
            let (isModule, words) = try await emitModule(
                name, sources: sources(of: name, in: folder), in: modules.path)
            #expect(isModule, "\(words)")
        }
        let (isGood, words) = try await typecheck(sources(of: package, in: folder), search: modules.path)
        #expect(isGood, "\(words)")
    }

    /// Has it write a module beside those that the folder holds already, and which are all that it can import.
    static func emitModule(
        _ name: String, sources: [String], in folder: String
    ) async throws -> (isGood: Bool, words: String) {
        try await run(
            ["-emit-module", "-module-name", name, "-swift-version", "6", "-I", folder, "-emit-module-path"]
                + ["\(folder)/\(name).swiftmodule"] + sources)
    }

    private static func sources(of package: String, in folder: URL) throws -> [String] {
        let path = folder.appending(path: "Packages/\(package)/Sources/\(package)").path
        return try FileManager.default.subpathsOfDirectory(atPath: path).filter { $0.hasSuffix(".swift") }
            .sorted().map { "\(path)/\($0)" }
    }

    static func run(_ arguments: [String]) async throws -> (isGood: Bool, words: String) {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["swiftc"] + arguments
        let output = Pipe()
        process.standardError = output
        let words = try await withCheckedThrowingContinuation { continuation in
            // The end of the output is read on a thread of Foundation's, not on the cooperative pool.
            let collected = Collected()
            output.fileHandleForReading.readabilityHandler = { handle in
                let data = handle.availableData
                if !data.isEmpty { return collected.add(data) }
                handle.readabilityHandler = nil
                continuation.resume(returning: collected.text)
            }
            do { try process.run() } catch {
                output.fileHandleForReading.readabilityHandler = nil
                continuation.resume(throwing: error)
            }
        }
        while process.isRunning { try await Task.sleep(for: .milliseconds(10)) }
        return (process.terminationStatus == 0, words)
    }
}

/// What a process has said so far.
private final class Collected: Sendable {
    private let bytes = Mutex(Data())

    var text: String { bytes.withLock { String(decoding: $0, as: UTF8.self) } }

    func add(_ data: Data) { bytes.withLock { $0.append(data) } }
}
