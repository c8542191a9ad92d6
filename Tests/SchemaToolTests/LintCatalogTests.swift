import DatabaseClient
import Migrations
import Testing

@testable import MigrationLint

/// What is read from the catalog, and the line that it is reported on.
struct LintCatalogTests {
    private func findings(_ texts: String...) async throws -> [String] {
        try await LintFixture.lintMigrated(texts).map { "\($0.file.suffix(17)):\($0.line): \($0.rule)" }
    }

    @Test func aFindingNamesTheLineThatMadeIt() async throws {
        let found = try await findings(
            """
            CREATE TABLE portfolios.prices (
                id uuid NOT NULL,
                price float8, "at" timestamp,
                seen_at time with time zone[],
                CONSTRAINT prices_pkey PRIMARY KEY (id));
            """,
            // Another file changes one of the columns, and a third only mentions it.
            "ALTER TABLE portfolios.prices\n    ADD COLUMN page_id int,\n    ADD COLUMN cost numeric,"
                + "\n    ADD COLUMN total numeric(18,8),\n    ADD COLUMN part numeric(7,4);",
            "COMMENT ON COLUMN portfolios.prices.price IS 'Its price.';")
        #expect(
            found == [
                "00_example.up.sql:3: bad-type", "00_example.up.sql:3: bad-type",
                "00_example.up.sql:4: bad-type", "01_example.up.sql:2: bad-type",
                "01_example.up.sql:3: bad-type", "01_example.up.sql:4: bad-type",
            ])
    }

    /// The catalog cannot be fooled by how a thing is written.
    @Test func whatADoBlockMakesIsFound() async throws {
        let found = try await findings(
            """
            DO $$ BEGIN
                EXECUTE 'CREATE TABLE portfolios.hidden (user_id uuid NOT NULL, at timestamp)';
            END $$;
            """)
        #expect(
            found == [
                "00_example.up.sql:1: bad-type", "00_example.up.sql:1: row-level-security",
                "00_example.up.sql:1: user-foreign-key",
            ])
    }

    @Test func aRuleOfTheCatalogIsWaivedAtTheStatement() async throws {
        let table = "CREATE TABLE portfolios.curves (id uuid NOT NULL, slope float8);"
        let waiver = "-- lint: allow bad-type because a slope is no amount"
        #expect(try await findings("\(waiver)\n\(table)") == [])
        #expect(
            try await findings("\(waiver)\nCREATE TABLE portfolios.curves (id uuid);")
                == ["00_example.up.sql:1: waiver"])
        // Without a catalog nobody knows whether it is needed.
        #expect(try LintFixture.findings("\(waiver)\nCREATE TABLE portfolios.curves (id uuid);") == [])
    }

    @Test func aUniqueConstraintOfAnOwnedTableIsFoundInATableToo() async throws {
        let found = try await findings(
            """
            CREATE TABLE portfolios.tags (
                user_id uuid NOT NULL,
                id uuid NOT NULL,
                CONSTRAINT tags_user_fkey FOREIGN KEY (user_id) REFERENCES users.users ON DELETE CASCADE,
                CONSTRAINT tags_pkey PRIMARY KEY (user_id, id),
                CONSTRAINT tags_id_key UNIQUE (id));
            ALTER TABLE portfolios.tags ENABLE ROW LEVEL SECURITY;
            ALTER TABLE portfolios.tags FORCE ROW LEVEL SECURITY;
            CREATE POLICY tags_owner ON portfolios.tags USING (user_id = app.current_user_id());
            """)
        #expect(
            found == [
                "00_example.up.sql:1: row-level-security", "00_example.up.sql:6: unique-without-user-id",
            ])
    }
}
