import DatabaseClient
import Foundation
import Migrations
import Testing

/// A database that other files made than those of the folder, since these were replaced.
struct MigrationHistoryTests {
    /// Makes what the two made, in one file, which is younger than both.
    private static let replaced = [
        "20260201000000_shop.up.sql": """
        CREATE SCHEMA shop;
        CREATE TABLE shop.items (id uuid CONSTRAINT items_pkey PRIMARY KEY, price numeric(38,18));
        """,
        "20260201000000_shop.down.sql": "DROP SCHEMA shop CASCADE;",
    ]

    private func replaceFiles(in path: String) throws {
        for name in twoMigrations.keys { try FileManager.default.removeItem(atPath: "\(path)/\(name)") }
        for (name, text) in Self.replaced { try write(text, to: name, in: path) }
    }

    @Test func aDatabaseOfOtherFilesMustBeMadeAnew() async throws {
        try await withMigrations(twoMigrations) { database, path in
            try await makeMigrator(database, path).up()
            try replaceFiles(in: path)
            let migrator = try makeMigrator(database, path)
            let refusals = [
                await words { _ = try await migrator.up() },
                await words { _ = try await migrator.up(to: "20260201000000") },
                await words { _ = try await migrator.down(.all) },
                await words { _ = try await migrator.dryRun() },
                try await migrator.repair().joined(separator: "\n"),
            ]
            #expect(Set(refusals).count == 1, "\(refusals)")
            let refusal = refusals[0]
            #expect(
                refusal.contains("none of the 2 that ran here, 20260101000000_shop to 20260102000000_prices"))
            #expect(refusal.contains("the database must be made anew"))
            for step in ["1. Export", "2. Make a new database", "`schema roles`", "3. Import"] {
                #expect(refusal.contains(step), "\(refusal)")
            }
            // It does not send the reader to forget one file after the other.
            #expect(!refusal.contains("--forget"), "\(refusal)")
            #expect(try await migrator.status().map(\.state) == [.missing, .missing, .pending])
            #expect(try await text(database, "SELECT count(*)::text FROM platform.migrations") == "2")

            // What it says to do.
            try await withScratch { new in
                let ran = try await makeMigrator(new, path).up()
                #expect(ran.map(\.name) == ["shop"])
            }
        }
    }

    @Test func oneFileThatRanIsEnoughToGoOnFrom() async throws {
        try await withMigrations(twoMigrations) { database, path in
            try await makeMigrator(database, path).up()
            for way in ["up", "down"] {
                try FileManager.default.removeItem(atPath: "\(path)/20260101000000_shop.\(way).sql")
            }
            let refusal = await words { _ = try await makeMigrator(database, path).up() }
            #expect(refusal.contains("--forget 20260101000000"), "\(refusal)")
            #expect(!refusal.contains("made anew"), "\(refusal)")
        }
    }
}
