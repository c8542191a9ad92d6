import DatabaseClient
import ExactTypes
import Foundation
import GroveTesting
import Migrations
import Testing

/// `schema seed` on the whole schema: what it fills, that it repeats itself to the last byte, and what it
/// refuses.
@Suite struct SeedTests {
    private static let migrations = Repository.root.appending(path: "migrations").path

    /// Only the users service can seal a signing key; the others are of guessing and of erasure, which
    /// nobody owes. All instruments of the demonstration are shared: none has a price of its owner's.
    private static let empty: Set<String> = [
        "users.signing_keys", "users.login_attempts", "users.outgoing_mails", "users.erasures",
        "notifications.sealing_key_proofs", "market.owner_prices",
    ]

    private func seed(
        _ test: TestDatabase, role: String = "postgres", folder: String = "\(migrations)/seed",
        _ change: (inout Seed.Options) -> Void = { _ in }
    ) async throws -> [Seed.Step] {
        var options = Seed.Options()
        change(&options)
        return try await Seed(
            connectionString: test.connectionString(role: role),
            migrations: try MigrationFolder(path: Self.migrations), folder: try SeedFolder(path: folder),
            options: options
        ).run()
    }

    /// Rows and a checksum of every table, whatever the order of its rows.
    private func contents(of test: TestDatabase) async throws -> [String: String] {
        let tables = try await test.owner.query(
            """
            SELECT oid::regclass::text FROM pg_class
            WHERE relkind = 'r' AND relnamespace::regnamespace::text !~ '^(pg_|information_schema)'
            """
        ).many { try $0.text(0) }
        var contents: [String: String] = [:]
        // Those say when the database was made, and what its roles may read.
        for table in tables
        where !["platform.migrations", "platform.event_epochs", "platform.payload_readers"].contains(table) {
            contents[table] = try await test.owner.query(
                """
                SELECT count(*) || ' ' || coalesce(md5(string_agg(row, '' ORDER BY row)), '')
                FROM (SELECT md5(t::text) AS row FROM \(table) AS t) AS rows
                """
            ).one { try $0.text(0) }
        }
        return contents
    }

    @Test func theDemoIsCompleteAndIdempotent() async throws {
        try await withTestDatabase { first in
            let steps = try await seed(first)
            #expect(steps.allSatisfy { $0.rows > 0 && !$0.wasDone })
            let contents = try await contents(of: first)
            let unfilled = Set(contents.filter { $0.value.hasPrefix("0 ") }.keys)
            #expect(unfilled == Self.empty)
            // The counts of the steps are those of the tables, so the updates of the ledger are all that is
            // more.
            let rows = contents.values.compactMap { Int($0.prefix { $0 != " " }) }.reduce(0, +)
            #expect(steps.reduce(0) { $0 + $1.rows } > rows)

            let again = try await seed(first)
            #expect(again.allSatisfy { $0.rows == 0 && $0.wasDone })
            let unchanged = try await self.contents(of: first)
            #expect(unchanged == contents)
            try await withTestDatabase { second in
                _ = try await seed(second, role: "grove_owner")
                let other = try await self.contents(of: second)
                #expect(other == contents)
            }
            let finding = try await SchemaDrift(
                connectionString: first.connectionString(role: "postgres"),
                folder: try MigrationFolder(path: Self.migrations),
                shadowServer: first.connectionString(role: "postgres")
            ).find()
            #expect(finding.difference.isEmpty, "\(finding.difference.lines)")
        }
    }

    @Test func theLoadIsTheSameForWhoeverMakesItAndGrowsByWhatIsMissing() async throws {
        try await withTestDatabase { superuser in
            try await withTestDatabase { owner in
                // A superuser looks foreign keys up at the end; for the owner PostgreSQL does at each row.
                _ = try await seed(superuser) { ($0.users, $0.heaviest, $0.batch) = (50, 500, 20) }
                _ = try await seed(owner, role: "grove_owner") {
                    ($0.users, $0.heaviest, $0.jobs) = (30, 500, 1)
                }
                let grown = try await seed(owner, role: "grove_owner") {
                    ($0.users, $0.heaviest, $0.jobs) = (50, 500, 1)
                }
                #expect(grown.count { !$0.wasDone } == 1)
                let (one, other) = (
                    try await contents(of: superuser), try await contents(of: owner)
                )
                #expect(one == other)
                let again = try await seed(superuser) { ($0.users, $0.heaviest) = (50, 500) }
                #expect(again.allSatisfy { $0.rows == 0 && $0.wasDone })
            }
            for contradiction in SeedContradiction.all {
                let found = try await superuser.owner.query(
                    "SELECT (q.*)::text FROM (\(contradiction.query)) AS q LIMIT 5"
                ).many { try $0.text(0) }
                #expect(found.isEmpty, "\(contradiction.name): \(found)")
            }
            let sizes = try await superuser.owner.query(
                """
                SELECT count(*) FROM portfolios.transactions AS t JOIN users.users AS u ON u.id = t.user_id
                WHERE u.email IN ('load-1@seed.example', 'load-2@seed.example', 'load-3@seed.example')
                GROUP BY u.email ORDER BY u.email
                """
            ).many { try $0.int(0) }
            #expect(sizes == [500, 50, 1])
        }
    }

    private func refusal(_ body: () async throws -> [Seed.Step]) async -> String {
        do {
            _ = try await body()
            return "not refused"
        } catch { return "\(error)" }
    }

    @Test func aDatabaseOfOthersIsRefused() async throws {
        try await withTestDatabase { test in
            let before = try await contents(of: test)
            try await test.owner.script("ALTER DATABASE \(test.name) SET seed.refused = 'this is production'")
            let production = await refusal { try await seed(test) { $0.isForced = true } }
            #expect(production.contains("this is production"))
            try await test.owner.script("ALTER DATABASE \(test.name) RESET seed.refused")

            try await test.owner.script(
                "UPDATE platform.migrations SET checksum = 'x' WHERE name = 'journal'")
            let edited = await refusal { try await seed(test) { $0.isForced = true } }
            #expect(edited.contains("journal (edited)"))
            try await test.owner.script("DELETE FROM platform.migrations WHERE name = 'journal'")
            let pending = await refusal { try await seed(test) { $0.isForced = true } }
            #expect(pending.contains("journal (pending)"))
            let untouched = try await contents(of: test)
            #expect(untouched == before)
        }
        try await withTestDatabase { test in
            _ = try await test.makeUser(email: "grace@example.com")
            let others = await refusal { try await seed(test) }
            #expect(others.contains("1 of the users here are not the seed's"))
            let steps = try await seed(test) { $0.isForced = true }
            #expect(steps.allSatisfy { $0.rows > 0 })
        }
    }

    @Test func aFileThatFailsLeavesNothingAndTellsWhere() async throws {
        try await withTestDatabase { test in
            let folder = FileManager.default.temporaryDirectory.appending(path: "seed-\(UUID())").path
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            defer { try? FileManager.default.removeItem(atPath: folder) }
            func file(_ name: String, _ source: String, _ text: String) throws {
                let row = "('\(source)', pg_temp.as_of(), pg_temp.as_of(), pg_temp.as_of())"
                try """
                -- done when: SELECT EXISTS (SELECT FROM market.ingest_checkpoints WHERE source = '\(source)')
                INSERT INTO market.ingest_checkpoints (source, watermark, created_at, updated_at)
                VALUES \(row);
                \(text)
                """.write(toFile: "\(folder)/\(name)", atomically: true, encoding: .utf8)
            }
            try """
            CREATE OR REPLACE FUNCTION pg_temp.as_of() RETURNS date LANGUAGE sql
            AS $$ SELECT DATE '2026-01-05' $$;
            """
            .write(toFile: "\(folder)/functions.sql", atomically: true, encoding: .utf8)
            try file("10_good.sql", "GOOD", "")
            try file("20_bad.sql", "BAD", "SELECT nonsense;")
            let failure = await refusal { try await seed(test, folder: folder) }
            #expect(failure.contains("20_bad.sql:4:8") && failure.contains("Nothing of this file was kept"))
            let sources = try await test.owner.query("SELECT source FROM market.ingest_checkpoints")
                .many { try $0.text(0) }
            #expect(sources == ["GOOD"])
            try file("20_bad.sql", "BAD", "")
            let steps = try await seed(test, folder: folder)
            #expect(steps.map(\.wasDone) == [true, false] && steps.map(\.rows) == [0, 1])
            try "SELECT 1;".write(toFile: "\(folder)/later.sql", atomically: true, encoding: .utf8)
            let misnamed = await refusal { try await seed(test, folder: folder) }
            #expect(misnamed.contains("later.sql is not named NN_name.sql"))
        }
    }
}
