import Foundation
import SwiftGeneration
import Testing

/// What was generated on PostgreSQL 15 is what PostgreSQL 16 gives, by the built `schema` with the programs of
/// version 16 first in PATH, which is how one chooses it.
@Suite(
    .enabled(
        if: TestServer.sixteen != nil,
        "PostgreSQL 16 is not here: scripts/setup --tools gets it where PyPI's pgserver has a wheel."))
struct PostgreSQL16Tests {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().path

    private struct Server {
        let url: String
        let binaries: String
    }

    private func sixteen() async throws -> Server {
        let server = try #require(TestServer.sixteen)
        return Server(url: try await server.url(), binaries: try await server.binaries())
    }

    /// The whole repository: Swift, grants and, since no view is in it, the schema's text.
    @Test func theRepositoryGivesTheSameToTheByte() async throws {
        let (code, words) = try await schema("generate", "--check", "--repository", Self.root)
        #expect(code == 0 && words.contains("everything is up to date"), "\(words)")
    }

    @Test func everyMigrationCanBeTakenBack() async throws {
        let (code, words) = try await schema("migrate", "verify", "--migrations", "\(Self.root)/migrations")
        #expect(code == 0, "\(words)")
    }

    /// The fixture has a view of one table, whose columns version 16 writes without the table's name.
    @Test func onlyTheWordsOfAViewDiffer() async throws {
        try await withFolder(GrantsTests.files) { path in
            let outcome = try await RepositoryGeneration(repository: path).run(
                server: await TestServer.shared.url())
            #expect(outcome.isClean)
            let before = try read("migrations/schema.sql", in: path)
            let (code, words) = try await schema("generate", "--repository", path)
            #expect(code == 0 && words.contains("1 files written"), "\(words)")
            let after = try read("migrations/schema.sql", in: path)
            let removed = after.split(separator: "\n").difference(from: before.split(separator: "\n"))
                .removals
            let column = /(SELECT|GROUP BY|  ) .*lots\.\w+.*/
            #expect(before.contains("lots.user_id") && !after.contains("lots.user_id"))
            for case .remove(_, let line, _) in removed { #expect(line.contains(column), "\(line)") }
        }
    }

    /// Runs the tool to its end, on PostgreSQL 16.
    private func schema(_ arguments: String...) async throws -> (code: Int32, words: String) {
        let server = try await sixteen()
        let process = Process()
        process.executableURL = URL(filePath: "\(Self.root)/.build/debug/schema")
        process.arguments = arguments + ["--shadow-url", server.url]
        let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
        process.environment = ProcessInfo.processInfo.environment.merging(
            ["PATH": "\(server.binaries):\(path)"]) { $1 }
        // A file instead of a pipe: nobody has to read while the program writes.
        return try await withFolder(["words": ""]) { folder in
            let file = try FileHandle(forWritingTo: URL(filePath: "\(folder)/words"))
            (process.standardOutput, process.standardError) = (file, file)
            let code = try await withCheckedThrowingContinuation { continuation in
                process.terminationHandler = { continuation.resume(returning: $0.terminationStatus) }
                do { try process.run() } catch { continuation.resume(throwing: error) }
            }
            return (code, try read("words", in: folder))
        }
    }
}
