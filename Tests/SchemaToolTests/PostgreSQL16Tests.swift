import DatabaseClient
import Foundation
import Migrations
import SwiftGeneration
import Testing

@testable import SchemaAnalysis

/// What was generated on PostgreSQL 15 is what PostgreSQL 16 gives, by the built `schema` with the programs of
/// version 16 first in PATH, which is how one chooses it.
@Suite(
    .enabled(
        if: TestServer.sixteen != nil,
        "PostgreSQL 16 is not here: scripts/setup --tools gets it where PyPI's pgserver has a wheel."))
struct PostgreSQL16Tests {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().path

    private static let noTrigrams: Comment = "PyPI's pgserver has no pg_trgm, which Market's migration wants."

    private struct Server {
        let url: String
        let binaries: String
    }

    private func sixteen() async throws -> Server {
        let server = try #require(TestServer.sixteen)
        return Server(url: try await server.url(), binaries: try await server.binaries())
    }

    /// The whole repository: Swift, grants and, since no view is in it, the schema's text.
    @Test(.enabled(if: TestServer.sixteenHasTrigrams, noTrigrams))
    func theRepositoryGivesTheSameToTheByte() async throws {
        let (code, words) = try await schema("generate", "--check", "--repository", Self.root)
        #expect(code == 0 && words.contains("everything is up to date"), "\(words)")
    }

    /// Here all at once; `PATH=…:$PATH schema migrate verify` does it one by one.
    @Test(.enabled(if: TestServer.sixteenHasTrigrams, noTrigrams))
    func theMigrationsRunUpAndDownAndUp() async throws {
        let folder = try MigrationFolder(path: "\(Self.root)/migrations")
        try await ScratchDatabase.with(server: try await sixteen().url) { database in
            try await folder.roles.create(connectionString: database.connectionString)
            let migrator = Migrator(connectionString: database.connectionString, folder: folder)
            #expect(try await migrator.up().count == folder.migrations.count)
            try await migrator.down(.all)
            let left = try await withConnection(database) { connection in
                try await Catalog.read(connection).tables.values.map(\.schema)
            }
            #expect(Set(left) == ["platform"], "the runner's own")
            try await migrator.up()
            let (code, words) = try await schema(
                "drift", "--database-url", database.connectionString, "--migrations", folder.path)
            #expect(code == 0, "\(words)")
        }
    }

    /// Version 16 writes beside each column which outer joins may leave its row out: an opinion that is not
    /// ours on what the tool finds out by itself, as it must on version 15.
    @Test func theToolSeesTheOuterJoinsThatPostgreSQLNotes() async throws {
        let server = try #require(TestServer.sixteen)
        var nulled = 0
        try await NullabilityCases.withSchema(on: server) { connection, analyzer in
            for (sql, _) in NullabilityCases.all {
                let (statements, _) = QueryFileParser.parse("-- name: s :many\n\(sql);", path: "s.sql")
                let query = try #require(statements.first)
                let types = try await connection.describe(query.sql).parameterTypes
                let tree = withoutConditions(try await analyzer.tree(of: query, parameterTypes: types))
                tree.forEachNode { name, fields in
                    guard name == "QUERY" else { return }
                    let level = QueryLevel(.node(name: name, fields: fields)) { _ in false }
                    for target in level.targets where target.name == "VAR" {
                        let entry = target["varno"]?.number ?? 0
                        guard target["varlevelsup"]?.number == 0, level.entry(entry)?["rtekind"]?.number != 2
                        else { continue }
                        let noted = Set(target["varnullingrels"]?.numbers ?? [-1])
                        #expect(Set(level.absences(of: target)?.map(\.join) ?? []) == noted, "\(sql)")
                        nulled += noted.isEmpty ? 0 : 1
                    }
                }
            }
        }
        #expect(nulled > 20)
    }

    /// What WHERE and ON rule out is the tool's own addition.
    private func withoutConditions(_ tree: NodeTree) -> NodeTree {
        switch tree {
        case .node(let name, let fields):
            .node(
                name: name,
                fields: fields.filter { $0.key != "quals" }.mapValues { $0.map(withoutConditions) })
        case .list(let items): .list(items.map(withoutConditions))
        case .atom, .null: tree
        }
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
            #expect(before != after)
            #expect(
                before.replacing(/\blots\.(?=user_id|portfolio_id|instrument_id|quantity)/, with: "") == after
            )
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
