import Foundation
import Migrations
import SchemaAnalysis
import Testing

/// A checkout with CRLF, or with a byte order mark, means what the one with LF means.
@Suite(.serialized) struct MigrationLineEndTests {
    /// What a checkout or an editor makes of a file with LF.
    enum Change: String, CaseIterable, CustomTestStringConvertible {
        case crlf, mark, both

        func callAsFunction(_ text: String) -> String {
            let ends = self == .mark ? text : text.replacing("\n", with: "\r\n")
            return self == .crlf ? ends : "\u{FEFF}" + ends
        }

        var testDescription: String { rawValue }
    }

    private static let files: [String: String] = {
        var files = twoMigrations
        files["20260103000000_index.up.sql"] = """
            -- no-transaction
            CREATE INDEX CONCURRENTLY items_price_idx ON shop.items (price);
            COMMENT ON TABLE shop.items IS 'Two
            lines';

            """
        files["20260103000000_index.down.sql"] = "-- irreversible: it is needed\n"
        files["contexts"] = "# All of them.\nmarket\n"
        return files
    }()

    /// transact-rs/sqlx#2659: `migrate up`, CRLF in every file, `migrate up`.
    @Test(arguments: Change.allCases) func aDatabaseMigratedWithLFTakesTheOtherCheckout(_ change: Change)
        async throws
    {
        try await withMigrations(Self.files) { database, path in
            #expect(try await makeMigrator(database, path).up().count == 3)
            for (name, text) in Self.files { try write(change(text), to: name, in: path) }
            let lines = Lines()
            #expect(try await makeMigrator(database, path, lines: lines).up().isEmpty)
            #expect(lines.all.contains("Nothing to migrate."), "\(lines.all)")
            let migrator = try makeMigrator(database, path)
            #expect(try await migrator.status().map(\.state) == [.applied, .applied, .applied])
            #expect(try await migrator.repair().isEmpty)
        }
    }

    @Test(arguments: Change.allCases) func aDatabaseMigratedWithTheOtherCheckoutTakesLF(_ change: Change)
        async throws
    {
        try await withMigrations(Self.files.mapValues { change($0) }) { database, path in
            let migrator = try makeMigrator(database, path)
            #expect(try await migrator.up().count == 3)
            #expect(
                try await text(database, "SELECT obj_description('shop.items'::regclass)") == "Two\nlines")
            for (name, text) in Self.files { try write(text, to: name, in: path) }
            #expect(try await makeMigrator(database, path).up().isEmpty)
            let told = await words { try await makeMigrator(database, path).down(.steps(1)) }
            #expect(told.contains("it is needed"), "\(told)")
        }
    }

    /// The checksum of a file with LF is that of its bytes, as databases have it recorded.
    @Test func theChecksumOfLFIsTheOneOfItsBytes() async throws {
        try await withMigrations(twoMigrations) { database, path in
            try await makeMigrator(database, path).up()
            let recorded = try await text(
                database, "SELECT string_agg(checksum, ' ' ORDER BY version) FROM platform.migrations")
            let bytes = ["20260101000000_shop.up.sql", "20260102000000_prices.up.sql"]
                .map { "encode(sha256(convert_to($f$\(twoMigrations[$0] ?? "")$f$, 'UTF8')), 'hex')" }
            let expected = try await text(database, "SELECT \(bytes.joined(separator: " || ' ' || "))")
            #expect(recorded == expected)
        }
    }

    /// A runner with LF was cut off; the other checkout goes on.
    @Test(arguments: Change.allCases) func aFileLeftHalfWayIsFinishedFromTheOtherCheckout(_ change: Change)
        async throws
    {
        var files = twoMigrations
        let begin = "-- no-transaction\nCOMMENT ON TABLE shop.items IS 'Two\nlines';\n"
        files["20260103000000_index.up.sql"] = begin + "SELECT 1/0;\n"
        files["20260103000000_index.down.sql"] = "SELECT 1;\n"
        try await withMigrations(files) { database, path in
            _ = await words { try await makeMigrator(database, path).up() }
            try write(change(begin + "SELECT 1;\n"), to: "20260103000000_index.up.sql", in: path)
            #expect(try await makeMigrator(database, path).up().count == 1)
        }
    }

    /// The faults of a statement stand where an editor shows them.
    @Test(arguments: Change.allCases) func aFaultHasItsLine(_ change: Change) async throws {
        var files = twoMigrations
        files["20260102000000_prices.up.sql"] = change("-- Prices.\nSELECT id,\n  pryce FROM shop.items;\n")
        try await withMigrations(files) { database, path in
            let told = await words { try await makeMigrator(database, path).up() }
            #expect(told.contains("_prices.up.sql:3:3: column \"pryce\" does not exist"), "\(told)")
            #expect(told.contains("      pryce FROM shop.items;\n      ^"), "\(told)")
        }
    }

    /// Query files with their headers and choices, and the markers of a README.
    @Test(arguments: Change.allCases) func queriesAndREADMEsMeanTheSame(_ change: Change) async throws {
        let queries = """
            -- name: listSymbols :many
            -- Every symbol.
            SELECT id, symbol FROM market.instruments WHERE symbol <> 'a
            b' /*? AND symbol = :symbol */
            ORDER BY
                /*order
                    up: symbol
                    down: symbol DESC
                */;

            """
        let readme = "# Portfolios\n\nreads: market.instruments\n"
        let (expected, noFaults) = try await Fixture.analyse(queries, readme: readme)
        #expect(noFaults.isEmpty && expected.count == 1, "\(noFaults)")
        let (statements, diagnostics) = try await Fixture.analyse(change(queries), readme: change(readme))
        #expect(diagnostics.isEmpty, "\(diagnostics)")
        #expect(statements.map(\.query.documentation) == expected.map(\.query.documentation))
        #expect(statements.map(\.query.sql) == expected.map(\.query.sql))
    }

    @Test(arguments: Change.allCases) func seedFilesMeanTheSame(_ change: Change) async throws {
        let seed = [
            "10_items.sql": """
            -- Items.
            -- done when: SELECT EXISTS (SELECT FROM shop.items WHERE id = pg_temp.id())
            INSERT INTO shop.items (id) VALUES (pg_temp.id());
            COMMENT ON TABLE shop.items IS 'Two
            lines';

            """,
            "functions.sql": """
            CREATE OR REPLACE FUNCTION pg_temp.id() RETURNS uuid LANGUAGE sql
                AS 'SELECT ''00000000-0000-7000-8000-000000000001''::uuid';

            """,
        ]
        try await withMigrations(twoMigrations) { database, path in
            try await makeMigrator(database, path).up()
            for (name, text) in seed { try write(change(text), to: "seed/\(name)", in: path) }
            func run() async throws -> [Bool] {
                try await Seed(
                    connectionString: database.connectionString, migrations: MigrationFolder(path: path),
                    folder: SeedFolder(path: "\(path)/seed")
                ).run().map(\.wasDone)
            }
            #expect(try await run() == [false])
            #expect(try await run() == [true])
            #expect(
                try await text(database, "SELECT obj_description('shop.items'::regclass)") == "Two\nlines")
        }
    }
}
