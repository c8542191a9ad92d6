import DatabaseTesting
import Foundation
import SwiftGeneration
import Testing

/// The files that SchemaTool's README has a newcomer write, as they stand there.
struct TenMinutesTests {
    private static let root = URL(fileURLWithPath: SwiftCompiler.root)

    @Test func theFilesOfTheReadmeGenerateAndCompile() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "ten-minutes-\(UUID())")
        defer { try? FileManager.default.removeItem(at: folder) }
        var files = try Self.filesOfTheReadme()
        #expect(files.count == 5, "\(files.keys.sorted())")
        files["migrations/contexts"] = "shop\n"
        for (path, text) in files {
            let file = folder.appending(path: path.replacing("…", with: "20260101000000"))
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try text.write(to: file, atomically: true, encoding: .utf8)
        }
        try FileManager.default.copyItem(
            at: Self.root.appending(path: "Packages/SharedTypes"),
            to: folder.appending(path: "Packages/SharedTypes"))
        try FileManager.default.removeItem(
            at: folder.appending(path: "Packages/SharedTypes/Sources/SharedTypes/Events"))
        let outcome = try await RepositoryGeneration(repository: folder.path)
            .run(server: TestCluster.shared.connectionString(database: "postgres"))
        #expect(outcome.isClean && outcome.statementCount == 2, "\(outcome)")
        try await compile(folder)
    }

    /// The blocks that stand under a line which is a path alone, or begins with one.
    private static func filesOfTheReadme() throws -> [String: String] {
        let readme = try String(
            contentsOf: root.appending(path: "Packages/SchemaTool/README.md"), encoding: .utf8)
        let section = try #require(readme.split(separator: "## Ten minutes").last).split(separator: "\n## ")[
            0]
        let blocks = section.matches(of: /\n`([^`\n]+)`[^\n]*:\n\n```(?:sql|swift)\n((?:[^`][^\n]*)?\n)*?```/)
        return Dictionary(
            uniqueKeysWithValues: blocks.map { block in
                let lines = block.0.split(separator: "\n", omittingEmptySubsequences: false)
                return (String(block.1), lines.dropFirst(4).dropLast().joined(separator: "\n") + "\n")
            })
    }

    /// SharedTypes with the newcomer's keys in it, and then the program against it and this build's client.
    private func compile(_ folder: URL) async throws {
        let shared = "Packages/SharedTypes/Sources/SharedTypes"
        let modules = folder.appending(path: "modules")
        try FileManager.default.createDirectory(at: modules, withIntermediateDirectories: true)
        let (isModule, moduleWords) = try await SwiftCompiler.run(
            ["-emit-module", "-module-name", "SharedTypes", "-swift-version", "6", "-emit-module-path"]
                + ["\(modules.path)/SharedTypes.swiftmodule"] + sources(in: folder, "SharedTypes"))
        #expect(isModule, "\(moduleWords)")
        let (isGood, words) = try await SwiftCompiler.typecheck(
            sources(in: folder, "Shop"), search: modules.path)
        #expect(isGood, "\(words)")
    }

    private func sources(in folder: URL, _ package: String) throws -> [String] {
        let path = folder.appending(path: "Packages/\(package)/Sources/\(package)").path
        return try FileManager.default.subpathsOfDirectory(atPath: path).filter { $0.hasSuffix(".swift") }
            .sorted().map { "\(path)/\($0)" }
    }
}
