import DatabaseClient
import Migrations
import Testing

/// A file has one result, whether the files before it ran in the same process or in another one.
@Suite(.serialized) struct MigrationSettingsTests {
    /// golang-migrate/migrate#156: the zone of one file reaches the times of the next.
    @Test func theZoneOfOneFileDoesNotReachTheTimesOfTheNext() async throws {
        let files = [
            "20260101000000_first.up.sql": """
            SET timezone = 'America/New_York'; CREATE SCHEMA shop;
            CREATE TABLE shop.t (id uuid CONSTRAINT t_pkey PRIMARY KEY, d timestamptz);
            """,
            "20260101000000_first.down.sql": "DROP SCHEMA shop CASCADE;",
            "20260102000000_second.up.sql":
                "INSERT INTO shop.t (id, d) VALUES (gen_random_uuid(), '2026-01-01 00:00');",
            "20260102000000_second.down.sql": "DELETE FROM shop.t;",
        ]
        func moment(twoRuns: Bool) async throws -> String {
            try await withMigrations(files) { database, path in
                try await setZone("UTC", database)
                if twoRuns { try await makeMigrator(database, path).up(to: "20260101000000") }
                try await makeMigrator(database, path).up()
                return try await text(database, "SELECT (d AT TIME ZONE 'UTC')::text FROM shop.t")
            }
        }
        #expect(try await moment(twoRuns: false) == "2026-01-01 00:00:00")
        #expect(try await moment(twoRuns: true) == "2026-01-01 00:00:00")
    }

    /// Each leaves something in its session that the next file could meet.
    @Test(arguments: [
        "SET search_path = shop;", "SET ROLE market_service;", "SET SESSION AUTHORIZATION market_service;",
        "SELECT set_config('app.user_id', 'somebody', false);", "SET standard_conforming_strings = off;",
        "PREPARE pick AS SELECT 1;", "CREATE TEMP TABLE left_over (id int);", "LISTEN prices;",
        "SELECT pg_advisory_lock(7);", "SELECT pg_advisory_unlock_all();",
        "DECLARE pages CURSOR WITH HOLD FOR SELECT 1;",
    ])
    func whatAFileLeavesInItsSessionEndsWithIt(_ statement: String) async throws {
        func seen(after statement: String, twoRuns: Bool) async throws -> String {
            try await withMigrations(files(statement)) { database, path in
                if twoRuns { try await makeMigrator(database, path).up(to: "20260101000000") }
                try await makeMigrator(database, path).up()
                return try await text(database, "SELECT what FROM shop.seen")
            }
        }
        let expected = try await seen(after: "SELECT 1;", twoRuns: false)
        #expect(try await seen(after: statement, twoRuns: false) == expected)
        #expect(try await seen(after: statement, twoRuns: true) == expected)
    }

    /// The second file notes what its session holds.
    private func files(_ statement: String) -> [String: String] {
        [
            "20260101000000_first.up.sql":
                "CREATE SCHEMA shop; CREATE TABLE shop.seen (what text);\n\(statement)",
            "20260101000000_first.down.sql": "DROP SCHEMA shop CASCADE;",
            "20260102000000_second.up.sql": """
            INSERT INTO shop.seen SELECT concat_ws(' ', current_setting('search_path'), current_user,
                session_user, nullif(current_setting('app.user_id', true), ''),
                current_setting('standard_conforming_strings'),
                (SELECT count(*) FROM pg_prepared_statements WHERE from_sql),
                to_regclass('pg_temp.left_over'), (SELECT count(*) FROM pg_listening_channels()),
                (SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()),
                (SELECT count(*) FROM pg_cursors WHERE is_holdable));
            """,
            "20260102000000_second.down.sql": "DELETE FROM shop.seen;",
        ]
    }

    /// A second runner waits, though the file has given back all locks of its session.
    @Test func aFileCannotGiveBackTheLockOfItsRunner() async throws {
        var files = twoMigrations
        files["20260101000000_shop.up.sql"]? += "\nSELECT pg_advisory_unlock_all();"
        files["20260102000000_prices.up.sql"]? += "\nSELECT pg_sleep(0.2);"
        try await withMigrations(files) { database, path in
            let counts = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<4 { group.addTask { try await makeMigrator(database, path).up().count } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(counts.sorted() == [0, 0, 0, 2])
        }
    }

    /// What its first statements set is set again where a file without a transaction goes on.
    @Test(arguments: [
        "SET timezone = 'America/New_York';", "SELECT set_config('timezone', 'America/New_York', false);",
        "set /* here */ session time zone 'America/New_York';",
        "SET timezone = 'Asia/Tokyo'; RESET timezone; SET timezone = 'America/New_York';",
    ])
    func aFileThatGoesOnHasItsSettingsAgain(_ statement: String) async throws {
        func file(_ check: String) -> String {
            """
            -- no-transaction
            \(statement)
            SELECT \(check);
            INSERT INTO shop.t VALUES ('2026-01-01 00:00');
            """
        }
        let files = [
            "20260101000000_first.up.sql": "CREATE SCHEMA shop; CREATE TABLE shop.t (d timestamptz);",
            "20260101000000_first.down.sql": "DROP SCHEMA shop CASCADE;",
            "20260102000000_second.up.sql": file("1/0"),
            "20260102000000_second.down.sql": "DELETE FROM shop.t;",
        ]
        try await withMigrations(files) { database, path in
            try await setZone("UTC", database)
            let told = await words { try await makeMigrator(database, path).up() }
            #expect(told.contains("division by zero"), "\(told)")
            try write(file("1"), to: "20260102000000_second.up.sql", in: path)
            try await makeMigrator(database, path).up()
            let moment = try await text(database, "SELECT (d AT TIME ZONE 'UTC')::text FROM shop.t")
            #expect(moment == "2026-01-01 05:00:00")
        }
    }

    /// Whose rights the statements of a file have is not whose the history is.
    @Test(arguments: ["SET ROLE market_service;", "SET SESSION AUTHORIZATION market_service;"])
    func aFileWithoutATransactionMayBecomeAnother(_ statement: String) async throws {
        var files = twoMigrations
        files["20260102000000_prices.up.sql"] = """
            -- no-transaction
            GRANT USAGE ON SCHEMA shop TO market_service;
            \(statement)
            SELECT 1;
            VACUUM shop.items;
            """
        files["20260102000000_prices.down.sql"] = "REVOKE USAGE ON SCHEMA shop FROM market_service;"
        try await withMigrations(files) { database, path in
            let migrator = try makeMigrator(database, path)
            #expect(try await migrator.up().count == 2)
            #expect(try await migrator.status().map(\.state) == [.applied, .applied])
        }
    }

    /// What a failed build leaves is named, and what becomes of it.
    @Test(arguments: [
        ("CREATE UNIQUE INDEX CONCURRENTLY items_price_key ON shop.items (price);", "items_price_key", true),
        (#"CREATE UNIQUE INDEX CONCURRENTLY "Price Key" ON shop.items (price);"#, #""Price Key""#, true),
        ("CREATE UNIQUE INDEX CONCURRENTLY ON shop.items (price);", "items_price_idx", false),
        ("SELECT 1; CREATE UNIQUE INDEX CONCURRENTLY k ON shop.items ((price + 1));", "k", true),
    ])
    func aFailedIndexBuildSaysWhatStands(_ statement: String, index: String, isBuiltAnew: Bool) async throws {
        var files = twoMigrations
        files["20260103000000_index.up.sql"] = "-- no-transaction\n\(statement)\n"
        files["20260103000000_index.down.sql"] = "SELECT 1;"
        try await withMigrations(files) { database, path in
            try await makeMigrator(database, path).up(to: "20260102000000")
            try await withConnection(database) { connection in
                try await connection.script(
                    "INSERT INTO shop.items SELECT gen_random_uuid(), 1 FROM generate_series(1, 2)")
                let told = await words { try await makeMigrator(database, path).up() }
                #expect(told.contains("It left shop.\(index) behind, which is invalid"), "\(told)")
                #expect(told.contains("DROP INDEX CONCURRENTLY shop.\(index);"), "\(told)")
                #expect(told.contains("run this again, which drops it and builds it anew") == isBuiltAnew)
                try await connection.script("DELETE FROM shop.items")
                if !isBuiltAnew { try await connection.script("DROP INDEX shop.\(index)") }
            }
            #expect(try await makeMigrator(database, path).up().count == 1)
            let invalid = try await text(
                database, "SELECT count(*)::text FROM pg_index WHERE NOT indisvalid")
            #expect(invalid == "0")
        }
    }

    private func setZone(_ zone: String, _ database: ScratchDatabase) async throws {
        try await withConnection(database) {
            try await $0.script("ALTER DATABASE \(database.name) SET timezone = '\(zone)'")
        }
    }
}
