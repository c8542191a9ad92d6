import CompilerTesting
import Foundation
import Testing

extension SwiftCompiler {
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

    private static func sources(of package: String, in folder: URL) throws -> [String] {
        let path = folder.appending(path: "Packages/\(package)/Sources/\(package)").path
        return try FileManager.default.subpathsOfDirectory(atPath: path).filter { $0.hasSuffix(".swift") }
            .sorted().map { "\(path)/\($0)" }
    }
}
