import DatabaseClient
import EmbeddedPostgres
import Foundation
import Testing

@testable import Migrations

/// On a cluster of their own, since the tool takes it that nobody else uses the one of its shadow.
@Suite(.serialized) struct ShadowTemplateTests {
    private func withServer(_ body: (String) async throws -> Void) async throws {
        // Another for each: what the last one left may stay for a moment when the machine is busy.
        let name = "grove-schema-tests-\(getpid())-shadow-\(UUID().uuidString.prefix(8))"
        let folder = FileManager.default.temporaryDirectory.appending(path: name).path
        let server = try await EmbeddedPostgres.start(.init(dataDirectory: folder, durable: false))
        let result: Result<Void, any Error>
        do { result = .success(try await body(server.connectionString())) } catch { result = .failure(error) }
        await server.stop()
        await EmbeddedPostgres.remove(dataDirectory: folder)
        try result.get()
    }

    private func prepare(_ path: String, _ server: String, _ lines: Lines? = nil) async throws -> String {
        try await ShadowTemplate.prepare(
            try MigrationFolder(path: path), server: server, toolVersion: "1",
            progress: { line in lines?.add(line) })
    }

    private func databases(_ server: String, _ prefix: String) async throws -> [String] {
        let session = try await Session.open(server, applicationName: "test")
        return try await session.closing {
            try await session.texts(
                "SELECT datname::text FROM pg_database WHERE starts_with(datname, '\(prefix)') ORDER BY 1")
        }
    }

    @Test func isMadeOnceAndCopied() async throws {
        try await withServer { server in
            try await withFolder(twoMigrations) { path in
                let lines = Lines()
                let template = try await prepare(path, server, lines)
                #expect(try await prepare(path, server, lines) == template)
                #expect(lines.all == ["Migrating a new shadow …"])
                for _ in 0..<2 {
                    try await ScratchDatabase.with(server: template) { copy in
                        // The rights on a database are not copied with it.
                        try await Fixture.roles.create(connectionString: copy.connectionString)
                        #expect(try await makeMigrator(copy, path).up(grants: .leave).isEmpty)
                        // What is done to a copy does not reach the next one.
                        try await withConnection(copy) { try await $0.script("DROP TABLE shop.items") }
                    }
                }
            }
        }
    }

    @Test func anotherTextHasAnotherAndTheOldestGo() async throws {
        try await withServer { server in
            try await withFolder(twoMigrations) { path in
                let first = try await prepare(path, server)
                var all: Set<String> = [first]
                for index in 1...3 {
                    try write(
                        "ALTER TABLE shop.items ADD COLUMN price\(index) int;",
                        to: "20260102000000_prices.up.sql",
                        in: path)
                    let next = try await prepare(path, server)
                    try await ScratchDatabase.with(server: next) { copy in
                        let name = try await text(
                            copy,
                            """
                            SELECT attname::text FROM pg_attribute
                            WHERE attrelid = 'shop.items'::regclass AND attname LIKE 'price%'
                            """)
                        #expect(name == "price\(index)")
                    }
                    all.insert(next)
                }
                #expect(all.count == 4)
                let kept = try await databases(server, ShadowTemplate.prefix)
                #expect(kept.count == 3)
                #expect(!kept.contains { first.contains($0) })
            }
        }
    }

    @Test func whatAKilledRunLeftIsDroppedAndNeverTakenForATemplate() async throws {
        try await withServer { server in
            try await withFolder(twoMigrations) { path in
                let session = try await Session.open(server, applicationName: "test")
                try await session.closing {
                    for name in ["grove_building_1", "grove_scratch_1"] {
                        try await session.connection.script("CREATE DATABASE \(name)")
                    }
                }
                _ = try await prepare(path, server)
                let left = try await databases(server, "grove_")
                #expect(left.count == 1 && left[0].hasPrefix(ShadowTemplate.prefix))
            }
        }
    }

    @Test func aMigrationThatFailsMakesNone() async throws {
        try await withServer { server in
            var files = twoMigrations
            files["20260102000000_prices.up.sql"] = "SELECT 1/0;"
            try await withFolder(files) { path in
                let address = try await prepare(path, server)
                #expect(address == server)
                let left = try await databases(server, "grove_")
                #expect(left.isEmpty)
            }
        }
    }
}
