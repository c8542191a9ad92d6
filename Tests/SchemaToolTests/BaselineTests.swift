import DatabaseClient
import Migrations
import Testing

struct BaselineTests {
    private func byHand(_ database: ScratchDatabase, _ sql: String) async throws {
        try await withConnection(database, as: "grove_owner") { try await $0.script(sql) }
    }

    private let shop =
        "CREATE SCHEMA shop; CREATE TABLE shop.items (id uuid CONSTRAINT items_pkey PRIMARY KEY);"

    private func baseline(
        _ database: ScratchDatabase, _ path: String, _ version: String, despite reason: String? = nil,
        lines: Lines? = nil
    ) async throws -> [MigrationFile] {
        try await makeMigrator(database, path, lines: lines).baseline(
            version, shadowServer: try await TestServer.shared.url(), despite: reason)
    }

    @Test func recordsADatabaseThatHasTheSchemaAndGoesOnFromThere() async throws {
        try await withMigrations(twoMigrations) { database, path in
            try await byHand(database, shop)
            #expect(try await baseline(database, path, "20260101000000").map(\.name) == ["shop"])
            #expect(try await makeMigrator(database, path).status().map(\.state) == [.applied, .pending])
            #expect(try await makeMigrator(database, path).up().map(\.name) == ["prices"])
            let told = await words { _ = try await baseline(database, path, "20260102000000") }
            #expect(told.contains("there is nothing to record"), "\(told)")
        }
    }

    @Test func refusesAnotherCatalogAndShowsTheDifference() async throws {
        try await withMigrations(twoMigrations) { database, path in
            try await byHand(database, shop)
            let told = await words { _ = try await baseline(database, path, "20260102000000") }
            #expect(told.contains("~ TABLE shop.items\n      - price numeric(38,18)"), "\(told)")
            #expect(told.contains("Nothing was recorded"))
            #expect(
                try await text(database, "SELECT coalesce(to_regnamespace('platform')::text, 'none')")
                    == "none")
        }
    }

    @Test func recordsItAllTheSameForAReason() async throws {
        try await withMigrations(twoMigrations) { database, path in
            try await byHand(database, shop + "CREATE TABLE shop.kept ();")
            let lines = Lines()
            _ = try await baseline(
                database, path, "20260101000000", despite: "shop.kept belongs to another team", lines: lines)
            #expect(lines.all.contains { $0.contains("because: shop.kept belongs to another team") })
            #expect(try await makeMigrator(database, path).status().map(\.state) == [.applied, .pending])
        }
    }

    @Test func knowsNoVersionThatTheFolderLacks() async throws {
        try await withMigrations(twoMigrations) { database, path in
            let told = await words { _ = try await baseline(database, path, "20270101000000") }
            #expect(told.contains("No migration has the version 20270101000000"))
        }
    }
}
