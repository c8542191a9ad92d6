import DatabaseClient
import Foundation
import Migrations
import SwiftGeneration
import Testing

/// Grants are made from the statements of a repository, applied, and tried as the roles that they are for.
struct GrantsTests {
    private static let statements = [
        "Packages/Portfolios/Queries/lots.sql": """
        -- name: listLots :many
        SELECT id, quantity FROM portfolios.lots WHERE user_id = :user_id;
        -- name: lockPortfolio :many
        SELECT id FROM portfolios.portfolios WHERE user_id = :user_id FOR UPDATE;
        -- name: countPositions :one
        SELECT count(quantity) AS "total!" FROM portfolios.positions WHERE user_id = :user_id;
        -- name: dropLot :exec
        DELETE FROM portfolios.lots WHERE user_id = :user_id AND id = :lot_id;
        -- name: readSymbol :optional
        SELECT symbol, "order" FROM market.instruments WHERE id = :instrument_id;
        -- name: registerInstrument :one
        SELECT market.register_instrument(:symbol);
        -- name: findOwners :many
        -- role: worker
        SELECT DISTINCT user_id FROM portfolios.portfolios;
        """,
        "Packages/Portfolios/README.md": "reads: market.instruments\nreads: market.register_instrument",
        "Packages/Market/Queries/instruments.sql": """
        -- name: upsertInstrument :exec
        INSERT INTO market.instruments (id, symbol, class, currency)
        VALUES (:instrument_id, :symbol, 'equity', :currency)
        ON CONFLICT (id) DO UPDATE SET symbol = excluded.symbol;
        -- name: countInstruments :one
        SELECT count(*) AS "total!" FROM market.instruments;
        """,
        "Packages/ServiceKit/Queries/keys.sql": """
        -- name: insertKey :exec
        INSERT INTO platform.idempotency_keys (user_id, key) VALUES (:user_id, :key);
        """,
    ]

    /// The repository that the grants are made from.
    static let files = Fixture.calling(Fixture.migrations.merging(statements) { first, _ in first })

    private static let generation = Task {
        try await withFolder(files) { path in
            let outcome = try await RepositoryGeneration(repository: path).run(
                server: await TestServer.shared.url())
            return (outcome: outcome, grants: try read("migrations/grants.sql", in: path))
        }
    }

    /// `body` gets a database with the fixture's schema and the grants that were generated for it.
    private func withGrants<T: Sendable>(
        on server: TestServer = .shared, _ body: (ScratchDatabase, String) async throws -> T
    ) async throws -> T {
        let (outcome, grants) = try await Self.generation.value
        #expect(outcome.isClean, "\(outcome.diagnostics) \(outcome.faults)")
        let files = Self.files.merging(["migrations/grants.sql": grants]) { $1 }
        return try await withFolder(files) { path in
            try await withScratch(on: server) { database in
                try await Migrator(
                    connectionString: database.connectionString,
                    folder: try MigrationFolder(path: "\(path)/migrations")
                ).up()
                return try await body(database, grants)
            }
        }
    }

    private static let user = "'11111111-1111-7111-8111-111111111111'"

    @Test(
        arguments: TestServer.all,
        [
            ("portfolios_service", "SELECT id, quantity FROM portfolios.lots WHERE user_id = \(user)"),
            ("portfolios_service", "SELECT id FROM portfolios.portfolios WHERE user_id = \(user) FOR UPDATE"),
            (
                "portfolios_service",
                "SELECT count(quantity) FROM portfolios.positions WHERE user_id = \(user)"
            ),
            ("portfolios_service", "DELETE FROM portfolios.lots WHERE user_id = \(user) AND id = \(user)"),
            ("portfolios_service", "SELECT symbol, \"order\" FROM market.instruments WHERE id = \(user)"),
            ("portfolios_service", "SELECT market.register_instrument('A')"),
            ("portfolios_service", "SELECT app.act_as(\(user))"),
            (
                "portfolios_service",
                "INSERT INTO platform.idempotency_keys (user_id, key) VALUES (\(user), 'a')"
            ),
            ("portfolios_worker", "SELECT DISTINCT user_id FROM portfolios.portfolios"),
            ("market_service", "SELECT count(*) FROM market.instruments"),
            (
                "market_service",
                """
                INSERT INTO market.instruments (id, symbol, class, currency) VALUES (\(user), 'A', 'equity', 'USD')
                ON CONFLICT (id) DO UPDATE SET symbol = excluded.symbol
                """
            ),
            ("users_service", "INSERT INTO platform.idempotency_keys (user_id, key) VALUES (\(user), 'a')"),
        ])
    func whatAStatementDoesIsAllowed(_ server: TestServer, _ attempt: (role: String, sql: String))
        async throws
    {
        try await withGrants(on: server) { database, _ in
            try await withConnection(database, as: attempt.role) { try await $0.script(attempt.sql) }
        }
    }

    @Test(
        arguments: TestServer.all,
        [
            // Another column, another verb, another table, another context.
            ("portfolios_service", "SELECT note FROM portfolios.lots"),
            ("portfolios_service", "UPDATE portfolios.lots SET quantity = 1"),
            ("portfolios_service", "INSERT INTO portfolios.portfolios (user_id) VALUES (\(user))"),
            ("portfolios_service", "UPDATE portfolios.portfolios SET name = 'x'"),
            ("portfolios_service", "SELECT currency FROM market.instruments"),
            ("portfolios_service", "DELETE FROM market.instruments"),
            ("portfolios_service", "SELECT market.instrument_label('a')"),
            ("portfolios_service", "SELECT email FROM users.users"),
            ("portfolios_service", "SELECT key FROM platform.idempotency_keys"),
            ("portfolios_service", "SELECT version FROM platform.migrations"),
            ("portfolios_service", "TRUNCATE portfolios.lots"),
            ("portfolios_worker", "SELECT id FROM portfolios.portfolios"),
            (
                "portfolios_worker",
                "INSERT INTO platform.idempotency_keys (user_id, key) VALUES (\(user), 'a')"
            ),
            ("market_service", "SELECT symbol FROM portfolios.lots"),
            ("market_service", "SELECT class FROM market.instruments"),
            ("users_service", "SELECT id FROM users.users"),
        ])
    func everythingElseIsRefused(_ server: TestServer, _ attempt: (role: String, sql: String)) async throws {
        try await withGrants(on: server) { database, _ in
            try await withConnection(database, as: attempt.role) { connection in
                let error = await #expect(throws: DatabaseError.self) {
                    try await connection.script(attempt.sql)
                }
                #expect(error?.sqlState == "42501", "\(String(describing: error))")
            }
        }
    }

    @Test func theFileIsIdempotentAndTakesAwayWhatIsNoLongerUsed() async throws {
        try await withGrants { database, grants in
            func rights() async throws -> String {
                try await CatalogDump.read(connectionString: database.connectionString, includingRights: true)
            }
            let before = try await rights()
            try await withConnection(database, as: "grove_owner") { owner in
                try await owner.script(grants)
                #expect(try await rights() == before)
                try await owner.script(
                    "GRANT SELECT ON users.users TO portfolios_service; GRANT UPDATE (note) ON"
                        + " portfolios.lots TO portfolios_service")
                #expect(try await rights() != before)
                try await owner.script(grants)
            }
            #expect(try await rights() == before)
        }
    }
}
