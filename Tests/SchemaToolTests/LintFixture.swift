import DatabaseClient
import Migrations

@testable import MigrationLint

/// The schema on which the examples of the rules are written; it breaks none of them.
enum LintFixture {
    static let up = """
        CREATE SCHEMA app;
        CREATE FUNCTION app.current_user_id() RETURNS uuid LANGUAGE sql STABLE
            AS $$ SELECT nullif(current_setting('app.user_id', true), '')::uuid $$;

        CREATE SCHEMA users;
        CREATE TABLE users.users (id uuid NOT NULL, email text NOT NULL, CONSTRAINT users_pkey PRIMARY KEY (id));

        CREATE SCHEMA portfolios;
        CREATE TABLE portfolios.portfolios (
            user_id uuid NOT NULL, id uuid NOT NULL, name text NOT NULL,
            CONSTRAINT portfolios_pkey PRIMARY KEY (user_id, id),
            CONSTRAINT portfolios_user_fkey FOREIGN KEY (user_id) REFERENCES users.users ON DELETE CASCADE);
        CREATE TABLE portfolios.lots (
            user_id uuid NOT NULL, id uuid NOT NULL, portfolio_id uuid NOT NULL,
            quantity numeric(38,18) NOT NULL, note text, opened_at timestamptz NOT NULL,
            CONSTRAINT lots_pkey PRIMARY KEY (user_id, id),
            CONSTRAINT lots_user_fkey FOREIGN KEY (user_id) REFERENCES users.users ON DELETE CASCADE,
            CONSTRAINT lots_portfolio_fkey FOREIGN KEY (user_id, portfolio_id)
                REFERENCES portfolios.portfolios (user_id, id) ON DELETE CASCADE);
        CREATE INDEX lots_portfolio_idx ON portfolios.lots (user_id, portfolio_id);
        ALTER TABLE portfolios.portfolios ENABLE ROW LEVEL SECURITY;
        CREATE POLICY portfolios_owner ON portfolios.portfolios
            USING (user_id = app.current_user_id()) WITH CHECK (user_id = app.current_user_id());
        ALTER TABLE portfolios.lots ENABLE ROW LEVEL SECURITY;
        CREATE POLICY lots_owner ON portfolios.lots
            USING (user_id = app.current_user_id()) WITH CHECK (user_id = app.current_user_id());
        """

    /// The fixture, and after it each text as a migration of its own.
    static func files(_ texts: [String]) -> [String: String] {
        var files = [
            "20260101000000_fixture.up.sql": up,
            "20260101000000_fixture.down.sql": "-- irreversible: it is the ground",
        ]
        for (index, text) in texts.enumerated() {
            files["2026020100000\(index)_example.up.sql"] = text
            files["2026020100000\(index)_example.down.sql"] = "-- irreversible: an example"
        }
        return files
    }

    /// The findings in up files on the fixture, as `line: rule`; the text alone is looked at.
    static func findings(_ texts: String...) throws -> [String] {
        try lint(texts).map { "\($0.line): \($0.rule)" }
    }

    static func lint(_ texts: [String], down: String = "") throws -> [Finding] {
        let migrations = ([up] + texts).enumerated().map { index, text in
            Linter.Migration(
                up: ("\(index).up.sql", text, !text.contains("-- no-transaction")),
                down: (
                    "\(index).down.sql", index == texts.count ? down : "", !down.contains("-- no-transaction")
                ))
        }
        return try Linter(migrations: migrations).findings()
    }

    /// The findings of text and catalog after the migrations ran.
    @discardableResult
    static func lintMigrated(_ texts: [String]) async throws -> [Finding] {
        try await withFolder(files(texts)) { path in
            let folder = try MigrationFolder(path: path)
            return try await withScratch { database in
                try await Migrator(connectionString: database.connectionString, folder: folder).up(
                    grants: .leave)
                let offenders = try await withConnection(database) { try await CatalogOffender.read($0) }
                return try Linter(folder: folder).findings(offenders: offenders)
            }
        }
    }
}
