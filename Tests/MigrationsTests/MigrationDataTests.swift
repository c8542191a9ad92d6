import DatabaseClient
import Foundation
import GroveFactories
import GroveTesting
import Migrations
import Testing

/// Down and up on a database with rows in every table. That each migration alone restores the catalog is
/// `schema migrate verify`'s to prove; here it is about the rows.
@Suite struct MigrationDataTests {
    @Test func everyWayBackLosesOnlyWhatItsFileSays() async throws {
        try await withTestDatabase { test in
            let address = test.connectionString(role: "postgres")
            let folder = try MigrationFolder(path: Repository.root.appending(path: "migrations").path)
            let migrator = Migrator(connectionString: address, folder: folder)
            // A copy of a template does not have the rights of the database itself.
            try await folder.roles.create(connectionString: address)
            let catalogBefore = try await CatalogDump.read(connectionString: address, includingRights: true)
            _ = try await Factory(test.owner).makeEveryTable()
            // A migration that the folder does not know would stop the migrator.
            try await test.owner.script("DELETE FROM platform.migrations WHERE version LIKE 'factory%'")
            var before = try await TableContents.read(test.owner)
            #expect(before.filled == Set(before.entries.keys), "a table without a row proves nothing")

            for migration in folder.migrations.reversed() {
                let columnsBefore = try await columns(test)
                try await migrator.down(.steps(1))
                let after = try await TableContents.read(test.owner)
                let lost = Set(before.entries.keys).subtracting(after.entries.keys)
                let isSaid = migration.down.hasPrefix("-- Loses ")
                // Where the words name tables, they name all.
                let words = migration.down.split(separator: "\n").prefix { $0.hasPrefix("--") }
                let named = tableNames(words)
                #expect(named.isEmpty || named == lost, "\(migration.title)")
                let columnsAfter = try await columns(test)
                let changed = columnsBefore.filter {
                    after.entries[$0.key] != nil && columnsAfter[$0.key] != $0.value
                }
                #expect(isSaid || (lost.isEmpty && changed.isEmpty), "\(migration.title) loses \(lost)")
                // The history is one row shorter; a table of which a column left or changed its type has the rows that it had.
                for table in after.entries.keys where table != "platform.migrations" {
                    #expect(
                        after.entries[table]?.count == before.entries[table]?.count,
                        "\(migration.title): \(table)")
                    if changed[table] == nil {
                        #expect(
                            after.entries[table] == before.entries[table], "\(migration.title): \(table)")
                    }
                }
                before = after
            }

            try await migrator.up()
            let catalogAfter = try await CatalogDump.read(connectionString: address, includingRights: true)
            #expect(catalogAfter == catalogBefore)
            let restored = try await TableContents.read(test.owner)
            for (table, entry) in before.entries where table != "platform.migrations" {
                #expect(restored.entries[table]?.count == entry.count, "\(table)")
            }
        }
    }

    private func tableNames(_ lines: some Sequence<Substring>) -> Set<String> {
        Set(lines.joined().matches(of: /[a-z]+\.[a-z_]+/).map { String($0.0) })
    }

    private func columns(_ test: TestDatabase) async throws -> [String: [String]] {
        try await TableCatalog.read(test.owner).tables.mapValues {
            $0.columns.map { "\($0.name) \($0.type)" }
        }
    }
}
