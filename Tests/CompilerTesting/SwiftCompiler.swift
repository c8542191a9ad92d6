import Foundation
import Synchronization

/// The compiler, for Swift that a test has written or has had generated.
public enum SwiftCompiler {
    public static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().path

    /// Has it look at these files, against the modules of this very build.
    ///
    /// - Parameter search: a folder of modules that win over this build's.
    public static func typecheck(
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

    /// Has it write a module beside those that the folder holds already, and which are all that it can import.
    public static func emitModule(
        _ name: String, sources: [String], in folder: String
    ) async throws -> (isGood: Bool, words: String) {
        try await run(
            ["-emit-module", "-module-name", name, "-swift-version", "6", "-I", folder, "-emit-module-path"]
                + ["\(folder)/\(name).swiftmodule"] + sources)
    }

    private static func run(_ arguments: [String]) async throws -> (isGood: Bool, words: String) {
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
