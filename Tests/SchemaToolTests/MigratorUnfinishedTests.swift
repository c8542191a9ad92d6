import DatabaseClient
import Migrations
import Testing

/// Files without a transaction, and what becomes of them when they fail or their runner ends.
struct MigratorUnfinishedTests {
    private let indexes = "20260103000000_index.up.sql"

    private func files(_ text: String) -> [String: String] {
        var files = twoMigrations
        files[indexes] = "-- no-transaction\n\(text)"
        files["20260103000000_index.down.sql"] = "DROP INDEX shop.items_price_idx;"
        return files
    }

    private let price = "CREATE INDEX CONCURRENTLY items_price_idx ON shop.items (price);\n"

    @Test func goesOnWhereAStatementFailed() async throws {
        let broken = price + "CREATE INDEX CONCURRENTLY items_typo_idx ON shop.items (pryce);\n"
        try await withMigrations(files(broken)) { database, path in
            let told = await words { try await makeMigrator(database, path).up() }
            #expect(told.contains("_index.up.sql:3:1: column \"pryce\" does not exist"), "\(told)")
            #expect(told.contains("its first 1 statements stay"))
            #expect(
                try await makeMigrator(database, path).status().map(\.state) == [
                    .applied, .applied, .unfinished,
                ])
            try write(
                "-- no-transaction\n\(price)CREATE INDEX CONCURRENTLY items_id_idx ON shop.items (id);",
                to: indexes, in: path)
            // Without its memory the runner would meet items_price_idx, which exists.
            #expect(try await makeMigrator(database, path).up().map(\.name) == ["index"])
            #expect(
                try await text(
                    database, "SELECT coalesce(to_regclass('platform.migration_progress')::text, 'gone')")
                    == "gone")
            #expect(try await makeMigrator(database, path).down(.steps(1)).count == 1)
        }
    }

    @Test func refusesAnEditedBeginningUntilItIsRepaired() async throws {
        let broken = price + "CREATE INDEX CONCURRENTLY items_typo_idx ON shop.items (pryce);\n"
        try await withMigrations(files(broken)) { database, path in
            _ = await words { try await makeMigrator(database, path).up() }
            try write(
                "-- no-transaction\n\(price.replacing("CONCURRENTLY", with: "CONCURRENTLY IF NOT EXISTS"))",
                to: indexes, in: path)
            let told = await words { try await makeMigrator(database, path).up() }
            #expect(told.contains("its first 1 statements are in, and a statement that is in was edited"))
            #expect(told.contains("schema migrate repair --retry 20260103000000"), "\(told)")
            var repair = MigrationRepair()
            repair.retry = ["20260103000000"]
            #expect(try await makeMigrator(database, path).repair(repair).isEmpty)
            #expect(try await makeMigrator(database, path).up().map(\.name) == ["index"])
        }
    }

    @Test func buildsAnewTheInvalidIndexOfItsOwn() async throws {
        let unique = "CREATE UNIQUE INDEX CONCURRENTLY items_price_key ON shop.items (price);"
        try await withMigrations(files(unique)) { database, path in
            try await makeMigrator(database, path).up(to: "20260102000000")
            try await withConnection(database) { connection in
                try await connection.script(
                    "INSERT INTO shop.items SELECT gen_random_uuid(), 1 FROM generate_series(1, 2)")
                let told = await words { try await makeMigrator(database, path).up() }
                #expect(told.contains("could not create unique index"), "\(told)")
                #expect(try await isValid("items_price_key", database) == "false")
                try await connection.script("DELETE FROM shop.items")
                let lines = Lines()
                #expect(try await makeMigrator(database, path, lines: lines).up().count == 1)
                #expect(lines.all.contains { $0.contains("dropping the invalid index shop.items_price_key") })
                #expect(try await isValid("items_price_key", database) == "true")
            }
        }
    }

    /// IF NOT EXISTS would pass over it, and leave an index that serves no read.
    @Test func leavesTheInvalidIndexOfAnotherToThem() async throws {
        let text = "CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS items_price_key ON shop.items (price);"
        try await withMigrations(files(text)) { database, path in
            try await makeMigrator(database, path).up(to: "20260102000000")
            try await withConnection(database) { connection in
                try await connection.script(
                    "INSERT INTO shop.items SELECT gen_random_uuid(), 1 FROM generate_series(1, 2)")
                _ = try? await connection.script(text)
                try await connection.script("DELETE FROM shop.items")
            }
            let told = await words { try await makeMigrator(database, path).up() }
            #expect(told.contains("The index shop.items_price_key is there, but invalid"), "\(told)")
            try await withConnection(database) { try await $0.script("DROP INDEX shop.items_price_key") }
            #expect(try await makeMigrator(database, path).up().count == 1)
        }
    }

    /// What a runner leaves that was killed after PostgreSQL had done the work and before the mark.
    @Test func asksTheCatalogWhatBecameOfAStatementWithoutItsMark() async throws {
        let rest = price + "DROP INDEX CONCURRENTLY shop.items_price_idx;\nSELECT no_such_function();"
        try await withMigrations(files(rest)) { database, path in
            _ = await words { try await makeMigrator(database, path).up() }
            func forgetTheMark(of statement: Int) async throws {
                let first = "encode(sha256(convert_to($$\(price.dropLast(2))$$, 'UTF8')), 'hex')"
                let none = "encode(sha256(''), 'hex')"
                try await withConnection(database) { connection in
                    try await connection.script(
                        """
                        UPDATE platform.migration_progress SET done_statements = \(statement),
                            started_statement = \(statement), done_checksum = \(statement == 0 ? none : first)
                        """)
                }
            }
            // The index was dropped, and the runner did not hear of it.
            try await forgetTheMark(of: 1)
            var told = await words { try await makeMigrator(database, path).up() }
            #expect(told.contains("no_such_function"), "\(told)")
            // The index was built, and the runner did not hear of it.
            try await forgetTheMark(of: 0)
            try await withConnection(database) { try await $0.script(price) }
            told = await words { try await makeMigrator(database, path).up() }
            #expect(told.contains("no_such_function"), "\(told)")
        }
    }

    @Test func whatCanRunInATransactionCommitsWithItsMark() async throws {
        let text = "INSERT INTO shop.items VALUES (gen_random_uuid(), 1);\nVACUUM shop.items;\nSELECT 1/0;"
        try await withMigrations(files(text)) { database, path in
            for _ in 0..<2 {
                let told = await words { try await makeMigrator(database, path).up() }
                #expect(told.contains("division by zero"))
            }
            let count = try await SchemaToolTests.text(database, "SELECT count(*)::text FROM shop.items")
            #expect(count == "1")
        }
    }

    @Test func aWayBackThatWasLeftHalfWayIsFinishedFirst() async throws {
        var files = files(price)
        files["20260103000000_index.down.sql"] =
            "-- no-transaction\nDROP INDEX CONCURRENTLY shop.items_price_idx;\nSELECT no_such_function();"
        try await withMigrations(files) { database, path in
            try await makeMigrator(database, path).up()
            _ = await words { try await makeMigrator(database, path).down(.steps(1)) }
            let told = await words { try await makeMigrator(database, path).up() }
            #expect(told.contains("Finish it with `schema migrate down`"), "\(told)")
            try write(
                "-- no-transaction\nDROP INDEX CONCURRENTLY shop.items_price_idx;",
                to: "20260103000000_index.down.sql", in: path)
            #expect(try await makeMigrator(database, path).down(.steps(1)).count == 1)
            #expect(try await makeMigrator(database, path).up().count == 1)
        }
    }

    private func isValid(_ index: String, _ database: ScratchDatabase) async throws -> String {
        try await text(
            database,
            "SELECT indisvalid::text FROM pg_index WHERE indexrelid = 'shop.\(index)'::regclass")
    }
}
