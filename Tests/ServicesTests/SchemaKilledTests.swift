import DatabaseClient
import Foundation
import GroveTesting
import Testing

/// The built `schema`, ended by kill -9 at any point, on a real database.
@Suite(.timeLimit(.minutes(5))) struct SchemaKilledTests {
    /// Twelve migrations of which each leaves a row, so that one that ran twice is seen. The sixth runs
    /// without a transaction, on a table that is large enough for an index to take a while.
    private static let files: [String: String] = {
        var files = [
            "20260101000001_first.up.sql": """
            CREATE SCHEMA shop;
            CREATE TABLE shop.ran (step int NOT NULL);
            INSERT INTO shop.ran VALUES (1);
            CREATE TABLE shop.items AS SELECT n AS id, n % 97 AS price FROM generate_series(1, 60000) AS n;
            """,
            "20260101000001_first.down.sql": "DROP SCHEMA shop CASCADE;",
        ]
        for step in 2...12 {
            let title = "202601010000\(step < 10 ? "0" : "")\(step)_step"
            files["\(title).up.sql"] = """
                CREATE TABLE shop.step\(step) (id int);
                INSERT INTO shop.ran VALUES (\(step));
                SELECT pg_sleep(0.02);
                """
            files["\(title).down.sql"] = "DROP TABLE shop.step\(step);"
        }
        files["20260101000006_step.up.sql"] = """
            -- no-transaction
            INSERT INTO shop.ran VALUES (6);
            CREATE INDEX CONCURRENTLY items_price_idx ON shop.items (price);
            CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS items_id_key ON shop.items (id);
            VACUUM shop.items;
            DROP INDEX CONCURRENTLY shop.items_price_idx;
            CREATE INDEX CONCURRENTLY items_both_idx ON shop.items (price, id);
            """
        return files
    }()

    private func withFolder(_ body: (String) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "schema-killed-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        for (name, text) in Self.files {
            try text.write(to: folder.appending(path: name), atomically: true, encoding: .utf8)
        }
        try await body(folder.path)
    }

    /// Runs the tool to its end.
    private func schema(_ arguments: [String]) async throws -> (code: Int32, output: String) {
        let process = try ServiceProcess("schema", arguments)
        let code = await process.exitCode()
        return (code, process.output)
    }

    @Test func whateverPointARunnerIsKilledAtTheNextGoesOn() async throws {
        try await withTestDatabase { test in
            try await withFolder { folder in
                let server = test.connectionString(role: "postgres")
                var kills = 0
                for round in 0..<40 where kills < 20 {
                    let name = "\(test.name)_\(round)"
                    try await test.owner.script("CREATE DATABASE \(name) TEMPLATE template0")
                    let url = server.replacing("/\(test.name)", with: "/\(name)")
                    kills += try await migrate(url, folder)
                    try await verify(url, folder, server)
                    try await test.owner.script("DROP DATABASE \(name) WITH (FORCE)")
                }
                #expect(kills >= 20, "the runs were too fast to be killed")
            }
        }
    }

    /// Starts the runner again and again until it comes to its end; gives how often it was killed.
    private func migrate(_ url: String, _ folder: String) async throws -> Int {
        let roles = try await schema(["roles", "--database-url", url])
        #expect(roles.code == 0, "\(roles.output)")
        var kills = 0
        while true {
            let process = try ServiceProcess(
                "schema", ["migrate", "up", "--database-url", url, "--migrations", folder])
            // The last run of each database is left in peace.
            if kills < 6 {
                try await Task.sleep(for: .milliseconds(Int.random(in: 20...400)))
                process.signal(SIGKILL)
            }
            let code = await process.exitCode()
            if code == 0 { return kills }
            #expect(code == -SIGKILL, "\(process.output)")
            guard code == -SIGKILL else { return kills }
            kills += 1
        }
    }

    /// The catalog is that of an undisturbed run on a shadow; pg_dump leaves out an invalid index.
    private func verify(_ url: String, _ folder: String, _ server: String) async throws {
        let drift = try await schema([
            "drift", "--database-url", url, "--shadow-url", server, "--migrations", folder,
        ])
        #expect(drift.code == 0, "\(drift.output)")
        let connection = try await DatabaseConnection.connect(url)
        let steps = try await connection.query("SELECT step::int8 FROM shop.ran ORDER BY step").many {
            try $0.int(0)
        }
        let invalid = try await connection.query("SELECT 1 FROM pg_index WHERE NOT indisvalid").rowCount
        await connection.close()
        #expect(steps == Array(1...12))
        #expect(invalid == 0)
    }

    @Test func ofTwoRunnersOneMigratesAndTheOtherFindsNothingToDo() async throws {
        try await withTestDatabase { test in
            try await withFolder { folder in
                let name = "\(test.name)_two"
                try await test.owner.script("CREATE DATABASE \(name) TEMPLATE template0")
                let url = test.connectionString(role: "postgres").replacing("/\(test.name)", with: "/\(name)")
                let roles = try await schema(["roles", "--database-url", url])
                #expect(roles.code == 0, "\(roles.output)")
                async let first = schema(["migrate", "up", "--database-url", url, "--migrations", folder])
                async let second = schema(["migrate", "up", "--database-url", url, "--migrations", folder])
                let runs = try await [first, second]
                #expect(runs.map(\.code) == [0, 0], "\(runs.map(\.output))")
                let idle = runs.filter { $0.output.contains("Nothing to migrate.") }
                #expect(idle.count == 1)
                let waiting = idle.first?.output ?? ""
                #expect(
                    waiting.contains(
                        /Waiting for the migration lock, which schema migrate up, since [-0-9: ]+ UTC \(process \d+, \w+\) holds/
                    ),
                    "\(waiting)")
                try await test.owner.script("DROP DATABASE \(name) WITH (FORCE)")
            }
        }
    }
}
