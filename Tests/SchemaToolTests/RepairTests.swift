import DatabaseClient
import Foundation
import Migrations
import Testing

struct RepairTests {
    private func repair(
        accept: [String] = [], forget: [String] = [], retry: [String] = [], markApplied: [String] = []
    ) -> MigrationRepair {
        var repair = MigrationRepair()
        (repair.accept, repair.forget) = (accept, forget)
        (repair.retry, repair.markApplied) = (retry, markApplied)
        return repair
    }

    private func edit(_ path: String) throws {
        try write(
            "-- Prices.\n" + (twoMigrations["20260102000000_prices.up.sql"] ?? ""),
            to: "20260102000000_prices.up.sql", in: path)
    }

    private func remove(_ title: String, _ path: String) throws {
        for way in ["up", "down"] {
            try FileManager.default.removeItem(atPath: "\(path)/\(title).\(way).sql")
        }
    }

    @Test func explainsAndChangesNothing() async throws {
        try await withMigrations(twoMigrations) { database, path in
            #expect(try await makeMigrator(database, path).repair().isEmpty)
            try await makeMigrator(database, path).up()
            #expect(try await makeMigrator(database, path).repair().isEmpty)
            try edit(path)
            try remove("20260101000000_shop", path)
            for _ in 0..<2 {
                let told = try await makeMigrator(database, path).repair().joined(separator: "\n")
                #expect(told.contains("schema migrate repair --accept 20260102000000"), "\(told)")
                #expect(told.contains("schema migrate repair --forget 20260101000000"), "\(told)")
            }
        }
    }

    @Test func acceptsAnEditAndForgetsAMissingFile() async throws {
        try await withMigrations(twoMigrations) { database, path in
            try await makeMigrator(database, path).up()
            try edit(path)
            #expect(try await makeMigrator(database, path).repair(repair(accept: ["20260102000000"])).isEmpty)
            #expect(try await makeMigrator(database, path).up().isEmpty)
            try remove("20260102000000_prices", path)
            #expect(try await makeMigrator(database, path).repair(repair(forget: ["20260102000000"])).isEmpty)
            #expect(try await makeMigrator(database, path).status().map(\.state) == [.applied])
        }
    }

    @Test func mendsAllThatIsNamedOrNothing() async throws {
        try await withMigrations(twoMigrations) { database, path in
            try await makeMigrator(database, path).up()
            try edit(path)
            let told = await words {
                _ = try await makeMigrator(database, path).repair(
                    repair(accept: ["20260102000000"], forget: ["20260101000000"]))
            }
            #expect(
                told.contains("--forget 20260101000000: only a migration that ran and whose file is missing"))
            #expect(try await makeMigrator(database, path).repair().count == 1)
            for wrong in [
                repair(accept: ["20260101000000"]), repair(retry: ["20260102000000"]),
                repair(markApplied: ["20260102000000"]),
            ] {
                _ = await words { _ = try await makeMigrator(database, path).repair(wrong) }
            }
        }
    }

    @Test func waitsForTheLock() async throws {
        try await withMigrations(twoMigrations) { database, path in
            try await makeMigrator(database, path).up()
            try edit(path)
            try await withConnection(database) { holder in
                try await holder.query("SELECT pg_advisory_lock(\(0x67_726F_7665))")
                var patience = Migrator.Patience()
                patience.lockDeadlineSeconds = 0
                let told = await words {
                    _ = try await makeMigrator(database, path, patience: patience).repair(
                        repair(accept: ["20260102000000"]))
                }
                #expect(told.contains("Another runner holds the migration lock"))
            }
        }
    }

    @Test func marksAHalfDoneFileAsApplied() async throws {
        var files = twoMigrations
        files["20260103000000_index.up.sql"] = """
            -- no-transaction
            CREATE INDEX CONCURRENTLY items_price_idx ON shop.items (price);
            SELECT no_such_function();
            """
        files["20260103000000_index.down.sql"] = "DROP INDEX shop.items_price_idx;"
        try await withMigrations(files) { database, path in
            _ = await words { try await makeMigrator(database, path).up() }
            let told = try await makeMigrator(database, path).repair().joined()
            #expect(told.contains("after 1 statements. `schema migrate up` goes on from there"), "\(told)")
            let mended = try await makeMigrator(database, path).repair(
                repair(markApplied: ["20260103000000"]))
            #expect(mended.isEmpty)
            #expect(try await makeMigrator(database, path).up().isEmpty)
            #expect(
                try await makeMigrator(database, path).status().map(\.state) == [
                    .applied, .applied, .applied,
                ])
        }
    }
}
