import DatabaseClient
import Foundation
import Migrations
import Testing

struct MigratorTests {
    private func migrator(
        _ database: ScratchDatabase, _ path: String, _ patience: Migrator.Patience = .init(),
        lines: Lines? = nil
    ) throws -> Migrator {
        Migrator(
            connectionString: database.connectionString, folder: try MigrationFolder(path: path),
            patience: patience,
            progress: { line in lines?.add(line) })
    }

    private func hasTable(_ name: String, _ database: ScratchDatabase) async throws -> Bool {
        try await withConnection(database) { connection in
            try await connection.query("SELECT to_regclass('\(name)') IS NOT NULL").one { try $0.bool(0) }
        }
    }

    @Test func goesUpAndDownAndKnowsWhereItStands() async throws {
        try await withScratch { database in
            try await withFolder(twoMigrations) { path in
                let migrator = try migrator(database, path)
                #expect(try await migrator.status().map(\.state) == [.pending, .pending])
                #expect(try await migrator.up(to: "20260101000000").map(\.name) == ["shop"])
                #expect(try await migrator.status().map(\.state) == [.applied, .pending])
                #expect(try await migrator.up().map(\.name) == ["prices"])
                #expect(try await migrator.up().isEmpty)
                #expect(try await migrator.down(.steps(1)).map(\.name) == ["prices"])
                #expect(try await migrator.up().map(\.name) == ["prices"])
                #expect(try await migrator.down(.to("20260101000000")).map(\.name) == ["prices"])
                #expect(try await migrator.down(.all).map(\.name) == ["shop"])
                #expect(try await migrator.status().map(\.state) == [.pending, .pending])
                #expect(try await !hasTable("shop.items", database))
            }
        }
    }

    @Test func everythingBelongsToTheOwner() async throws {
        try await withScratch { database in
            try await withFolder(twoMigrations) { path in
                try await migrator(database, path).up()
                let owners = try await withConnection(database) { connection in
                    try await connection.query(
                        """
                        SELECT DISTINCT tableowner::text FROM pg_tables WHERE schemaname IN ('shop', 'platform')
                        """
                    ).many { try $0.text(0) }
                }
                #expect(owners == ["grove_owner"])
            }
        }
    }

    @Test func aFailedMigrationLeavesNothingAndSaysWhere() async throws {
        try await withScratch { database in
            var files = twoMigrations
            files["20260102000000_prices.up.sql"] =
                "CREATE TABLE shop.extra ();\nALTER TABLE shop.itemz\n  ADD price int;"
            try await withFolder(files) { path in
                let error = await #expect(throws: MigrationError.self) {
                    try await migrator(database, path).up()
                }
                let words = "\(error?.description ?? "")"
                #expect(
                    words.contains("20260102000000_prices.up.sql: relation \"shop.itemz\" does not exist"),
                    "\(words)")
                #expect(words.contains("Nothing of this file was kept"))
                #expect(try await !hasTable("shop.extra", database))
                // The first stays, with its row: the next run goes on from there.
                #expect(try await migrator(database, path).status().map(\.state) == [.applied, .pending])
                try write(
                    "ALTER TABLE shop.items ADD price int;", to: "20260102000000_prices.up.sql", in: path)
                #expect(try await migrator(database, path).up().map(\.name) == ["prices"])
            }
        }
    }

    @Test func pointsAtTheFaultyColumn() async throws {
        try await withScratch { database in
            var files = twoMigrations
            files["20260102000000_prices.up.sql"] =
                "-- Prices.\nSELECT 1;\nSELECT id,\n  pryce FROM shop.items;"
            try await withFolder(files) { path in
                let error = await #expect(throws: MigrationError.self) {
                    try await migrator(database, path).up()
                }
                let words = "\(error?.description ?? "")"
                #expect(words.contains("_prices.up.sql:4:3: column \"pryce\" does not exist"), "\(words)")
                #expect(words.contains("      pryce FROM shop.items;\n      ^"), "\(words)")
            }
        }
    }

    @Test func refusesAnEditedAMissingAndALateFile() async throws {
        try await withScratch { database in
            try await withFolder(twoMigrations) { path in
                try await migrator(database, path).up()
                try write("-- Changed.", to: "20260102000000_prices.up.sql", in: path)
                for name in ["shop.up", "shop.down"] {
                    try FileManager.default.removeItem(atPath: "\(path)/20260101000000_\(name).sql")
                }
                try write("", to: "20260101120000_late.up.sql", in: path)
                try write("", to: "20260101120000_late.down.sql", in: path)
                #expect(
                    try await migrator(database, path).status().map(\.state) == [.missing, .pending, .edited])
                let error = await #expect(throws: MigrationError.self) {
                    try await migrator(database, path).up()
                }
                let words = "\(error?.description ?? "")"
                #expect(words.contains("20260102000000_prices.up.sql was edited after it ran here"))
                #expect(words.contains("20260101000000_shop ran in this database, but"))
                #expect(words.contains("20260101120000_late is older than 20260102000000_prices"))
                await #expect(throws: MigrationError.self) { try await migrator(database, path).down(.all) }
            }
        }
    }

    @Test func twoRunnersAtOnceMigrateOnce() async throws {
        try await withScratch { database in
            var files = twoMigrations
            files["20260102000000_prices.up.sql"]? += "\nSELECT pg_sleep(0.5);"
            try await withFolder(files) { path in
                let lines = Lines()
                let migrator = try migrator(database, path, lines: lines)
                let counts = try await withThrowingTaskGroup(of: Int.self) { group in
                    for _ in 0..<4 { group.addTask { try await migrator.up().count } }
                    return try await group.reduce(into: []) { $0.append($1) }
                }
                #expect(counts.sorted() == [0, 0, 0, 2])
                let waits = lines.all.filter {
                    $0.hasPrefix("Waiting for the migration lock, which schema migrate up, since ")
                }
                #expect(!waits.isEmpty)
            }
        }
    }

    @Test func namesTheHolderWhenItWaitedLongEnough() async throws {
        try await withScratch { database in
            try await withFolder(twoMigrations) { path in
                try await withConnection(database) { holder in
                    try await holder.script("SET application_name = 'a stuck runner'")
                    try await holder.query("SELECT pg_advisory_lock(\(0x67_726F_7665))")
                    var patience = Migrator.Patience()
                    patience.lockDeadlineSeconds = 0
                    let error = await #expect(throws: MigrationError.self) {
                        try await migrator(database, path, patience).up()
                    }
                    #expect(error?.description.contains("a stuck runner (process ") ?? false)
                }
            }
        }
    }

    @Test func triesAgainWhileATableIsLocked() async throws {
        try await withScratch { database in
            try await withFolder(twoMigrations) { path in
                try await migrator(database, path).up(to: "20260101000000")
                var patience = Migrator.Patience()
                patience.lockTimeoutMilliseconds = 50
                patience.backoffMilliseconds = 50
                patience.attempts = 2
                try await withConnection(database) { reader in
                    try await reader.script("BEGIN; SELECT id FROM shop.items;")
                    let error = await #expect(throws: MigrationError.self) {
                        try await migrator(database, path, patience).up()
                    }
                    #expect(error?.description.contains("stayed locked through 2 attempts") ?? false)
                    patience.attempts = 50
                    let lines = Lines()
                    let patient = try migrator(database, path, patience, lines: lines)
                    async let ran = patient.up()
                    while !lines.all.contains(where: { $0.contains("trying again") }) { await Task.yield() }
                    try await reader.script("COMMIT")
                    #expect(try await ran.map(\.name) == ["prices"])
                }
            }
        }
    }

    @Test(arguments: ["", "-- no-transaction\nCREATE INDEX CONCURRENTLY i ON shop.items (id);\n"])
    func saysForWhomALongOneWaits(_ index: String) async throws {
        try await withScratch { database in
            var files = twoMigrations
            if !index.isEmpty { files["20260102000000_prices.up.sql"] = index }
            try await withFolder(files) { path in
                try await migrator(database, path).up(to: "20260101000000")
                var patience = Migrator.Patience()
                patience.lockTimeoutMilliseconds = 60_000
                patience.reportMilliseconds = 50
                let lines = Lines()
                let runner = try migrator(database, path, patience, lines: lines)
                try await withConnection(database) { reader in
                    // The first statement of a transaction takes the lock; the snapshot is kept as well.
                    try await reader.script(
                        "SET application_name = 'a report'; BEGIN ISOLATION LEVEL REPEATABLE READ")
                    try await reader.script("SELECT id FROM shop.items")
                    async let ran = runner.up()
                    func isTold() -> Bool {
                        lines.all.contains {
                            $0.contains("still running after")
                                && $0.contains("it waits for a report (process ")
                        }
                    }
                    for _ in 0..<500 where !isTold() { try await Task.sleep(for: .milliseconds(20)) }
                    #expect(isTold(), "\(lines.all)")
                    try await reader.script("COMMIT")
                    #expect(try await ran.count == 1)
                }
            }
        }
    }

    @Test func irreversibleMigrationsStay() async throws {
        try await withScratch { database in
            var files = twoMigrations
            files["20260102000000_prices.down.sql"] = "-- irreversible: the prices cannot be had again"
            try await withFolder(files) { path in
                let migrator = try migrator(database, path)
                try await migrator.up()
                let error = await #expect(throws: MigrationError.self) { try await migrator.down(.all) }
                #expect(error?.description.contains("the prices cannot be had again") ?? false)
                #expect(try await migrator.status().map(\.state) == [.applied, .applied])
            }
        }
    }

    @Test(arguments: ["", "-- no-transaction\n"])
    func aBodyInStandardSQLIsPartOfItsStatement(_ directive: String) async throws {
        var files = twoMigrations
        files["20260103000000_pick.up.sql"] = """
            \(directive)CREATE FUNCTION shop.pick(a int) RETURNS text LANGUAGE sql
            BEGIN ATOMIC
                SELECT 'nothing';
                SELECT CASE WHEN a = 1 THEN 'one' ELSE 'many' END;
            END;
            CREATE FUNCTION shop.after() RETURNS int LANGUAGE sql RETURN 1;
            """
        files["20260103000000_pick.down.sql"] = "DROP FUNCTION shop.pick, shop.after;"
        try await withMigrations(files) { database, path in
            try await migrator(database, path).up()
            #expect(try await text(database, "SELECT shop.pick(2) || shop.after()") == "many1")
        }
    }

    @Test func appliesTheGrantsOfTheNewestVersion() async throws {
        try await withScratch { database in
            var files = twoMigrations
            files["grants.sql"] = """
                BEGIN;
                REVOKE ALL ON ALL TABLES IN SCHEMA shop FROM market_service;
                GRANT SELECT (price) ON shop.items TO market_service;
                COMMIT;
                """
            try await withFolder(files) { path in
                func mayRead(_ column: String) async throws -> Bool {
                    try await withConnection(database) { connection in
                        try await connection.query(
                            "SELECT has_column_privilege('market_service', 'shop.items', '\(column)', "
                                + "'SELECT')"
                        ).one { try $0.bool(0) }
                    }
                }
                try await migrator(database, path).up(to: "20260101000000")
                try await migrator(database, path).up()
                #expect(try await mayRead("price"))
                try write(
                    try read("grants.sql", in: path).replacing("(price)", with: "(id)"), to: "grants.sql",
                    in: path)
                try await migrator(database, path).up(grants: .add)
                #expect(try await mayRead("price"))
                #expect(try await mayRead("id"))
                try await migrator(database, path).up()
                #expect(try await !mayRead("price"))
                try write("GRANT SELECT (gone) ON shop.items TO market_service;", to: "grants.sql", in: path)
                let error = await #expect(throws: MigrationError.self) {
                    try await migrator(database, path).up()
                }
                #expect(error?.description.contains("Run `schema generate`") ?? false)
            }
        }
    }

    @Test func saysWhatIsMissingBeforeTheRolesExistOrMay() async throws {
        let server = try await TestServer.shared.url()
        try await ScratchDatabase.with(server: server) { database in
            try await withFolder(twoMigrations) { path in
                try await Fixture.roles.create(connectionString: server)
                // The roles exist in the cluster, but nobody gave them this database.
                let error = await #expect(throws: MigrationError.self) {
                    try await migrator(database, path).up()
                }
                #expect(error?.description.contains("Run `schema roles` on it first") ?? false)
                let service = database.connectionString.replacing("postgres@", with: "market_service@")
                let folder = try MigrationFolder(path: path)
                let refused = await #expect(throws: MigrationError.self) {
                    try await Migrator(connectionString: service, folder: folder).up()
                }
                #expect(refused?.description.contains("market_service may not migrate") ?? false)
            }
        }
    }
}
