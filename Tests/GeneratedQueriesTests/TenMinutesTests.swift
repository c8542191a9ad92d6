import CompilerTesting
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
        try SwiftCompiler.copySharedTypes(to: folder)
        let outcome = try await RepositoryGeneration(repository: folder.path)
            .run(server: TestCluster.shared.connectionString(database: "postgres"))
        #expect(outcome.isClean && outcome.statementCount == 2, "\(outcome)")
        try await SwiftCompiler.typecheck(package: "Shop", in: folder)
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
}
