import DatabaseClient
import Foundation
import Migrations

@testable import SchemaAnalysis

/// A small repository in Grove's shape: three namespaces, row-level security, a catalogue, functions, a view.
enum Fixture {
    static let roles = Roles(contexts: ["users", "portfolios", "market"])

    static let migrations = [
        "migrations/contexts": roles.contexts.joined(separator: "\n"),
        "migrations/20260101000000_fixture.up.sql": """
        CREATE SCHEMA app;
        CREATE FUNCTION app.act_as(user_id uuid) RETURNS void LANGUAGE plpgsql AS $$
        BEGIN PERFORM set_config('app.user_id', user_id::text, true); END; $$;
        CREATE FUNCTION app.current_user_id() RETURNS uuid LANGUAGE sql STABLE
            AS $$ SELECT nullif(current_setting('app.user_id', true), '')::uuid $$;

        CREATE SCHEMA users;
        CREATE TABLE users.users (
            id uuid NOT NULL CONSTRAINT users_pkey PRIMARY KEY, email text NOT NULL, nickname text);

        CREATE SCHEMA market;
        CREATE TYPE market.instrument_class AS ENUM ('equity', 'mutual_fund');
        COMMENT ON TYPE market.instrument_class IS 'What kind of thing it is.';
        CREATE TABLE market.instruments (
            id uuid NOT NULL CONSTRAINT instruments_pkey PRIMARY KEY, symbol text NOT NULL,
            class market.instrument_class NOT NULL, currency text NOT NULL,
            replaced_by uuid CONSTRAINT instruments_replaced_by_fkey REFERENCES market.instruments ON DELETE RESTRICT,
            added_on date, "order" int NOT NULL DEFAULT 0);
        COMMENT ON COLUMN market.instruments.currency IS 'ISO 4217 code. swift:Currency';
        CREATE TABLE market.exchange_rates (
            base text NOT NULL, day date NOT NULL, rate numeric(24,12) NOT NULL, weight numeric(7,4),
            CONSTRAINT exchange_rates_pkey PRIMARY KEY (base, day));
        COMMENT ON COLUMN market.exchange_rates.base IS 'swift:Currency';
        CREATE FUNCTION market.register_instrument(symbol text) RETURNS uuid LANGUAGE sql SECURITY DEFINER
            AS $$ SELECT id FROM market.instruments WHERE symbol = $1 $$;
        CREATE FUNCTION market.instrument_label(symbol text) RETURNS text LANGUAGE sql STABLE
            AS $$ SELECT upper($1) $$;

        CREATE SCHEMA portfolios;
        CREATE TABLE portfolios.portfolios (
            user_id uuid NOT NULL CONSTRAINT portfolios_user_id_fkey REFERENCES users.users ON DELETE CASCADE,
            id uuid NOT NULL, name text NOT NULL, archived_at timestamptz, updated_at timestamptz NOT NULL,
            CONSTRAINT portfolios_pkey PRIMARY KEY (user_id, id));
        CREATE TABLE portfolios.lots (
            user_id uuid NOT NULL CONSTRAINT lots_user_id_fkey REFERENCES users.users ON DELETE CASCADE,
            id uuid NOT NULL, portfolio_id uuid NOT NULL, instrument_id uuid NOT NULL
                CONSTRAINT lots_instrument_id_fkey REFERENCES market.instruments ON DELETE RESTRICT,
            quantity numeric(38,18) NOT NULL, note text, details jsonb,
            CONSTRAINT lots_pkey PRIMARY KEY (user_id, id),
            CONSTRAINT lots_portfolio_fkey FOREIGN KEY (user_id, portfolio_id)
                REFERENCES portfolios.portfolios ON DELETE CASCADE);
        ALTER TABLE portfolios.portfolios ENABLE ROW LEVEL SECURITY;
        CREATE POLICY portfolios_owner ON portfolios.portfolios
            USING (user_id = app.current_user_id()) WITH CHECK (user_id = app.current_user_id());
        ALTER TABLE portfolios.lots ENABLE ROW LEVEL SECURITY;
        CREATE POLICY lots_owner ON portfolios.lots
            USING (user_id = app.current_user_id()) WITH CHECK (user_id = app.current_user_id());
        CREATE VIEW portfolios.positions WITH (security_invoker = true) AS
            SELECT user_id, portfolio_id, instrument_id, sum(quantity) AS quantity
            FROM portfolios.lots GROUP BY user_id, portfolio_id, instrument_id;
        CREATE TABLE platform.idempotency_keys (
            user_id uuid NOT NULL, key text NOT NULL, CONSTRAINT idempotency_keys_pkey PRIMARY KEY (user_id, key));
        """,
        "migrations/20260101000000_fixture.down.sql":
            "DROP TABLE platform.idempotency_keys; DROP SCHEMA portfolios, market, users, app CASCADE;",
    ]

    /// The files, and in each package with statements a source that calls them all.
    static func calling(_ files: [String: String]) -> [String: String] {
        var called = files
        for (path, text) in files where path.hasSuffix(".sql") && path.contains("/Queries/") {
            let package = path.split(separator: "/")[1]
            let calls = text.matches(of: #/-- name: (\w+)/#).map { "database.\($0.1)()\n" }.joined()
            called["Packages/\(package)/Sources/\(package)/UseCases/Calls.swift", default: ""] += calls
        }
        return called
    }

    /// One statement of Portfolios, analysed against the fixture's schema.
    static func analyse(
        _ text: String, module name: String = "Portfolios", readme: String = ""
    ) async throws -> (statements: [AnalysedStatement], diagnostics: [Diagnostic]) {
        var files = migrations
        files["Packages/\(name)/Queries/things.sql"] = text
        files["Packages/\(name)/README.md"] = readme
        return try await withScratch { database in
            try await withFolder(files) { path in
                try await Migrator(
                    connectionString: database.connectionString,
                    folder: try MigrationFolder(path: "\(path)/migrations")
                ).up()
                let (modules, faults) = try Module.discover(repository: path, roles: roles)
                return try await withConnection(database) { connection in
                    let types = TypeInference(catalog: try await Catalog.read(connection))
                    let analyzer = StatementAnalyzer(connection: connection, types: types)
                    var (statements, diagnostics) = try await analyzer.analyse(modules[0])
                    diagnostics = faults + diagnostics
                    return (statements, diagnostics)
                }
            }
        }
    }
}
