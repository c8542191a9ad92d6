import DatabaseClient
import EmbeddedPostgres
import EventLog
import ExactTypes
import Foundation
import Logging
import PortfoliosContract
import SharedTypes

@testable import Portfolios

/// A database with Grove's whole schema, roles and grants, a user and an instrument.
struct LedgerDatabase {
    /// The superuser, who fills portfolios.
    let owner: DatabaseConnection
    let database: Database
    let events: EventLog
    let user: User.ID

    static func create(on server: EmbeddedPostgres, migrations: String) async throws -> LedgerDatabase {
        func text(_ path: String) throws -> String { try String(contentsOfFile: path, encoding: .utf8) }
        let owner = try await DatabaseConnection.connect(
            server.connectionString(), answerLimit: .seconds(3_600))
        for context in try text("\(migrations)/contexts").split(separator: "\n") where !context.hasPrefix("#")
        {
            guard let name = context.split(separator: " ").first else { continue }
            for role in ["\(name)_service", "\(name)_worker"] {
                try await owner.script("CREATE ROLE \(role) LOGIN")
            }
        }
        try await owner.script("SET check_function_bodies = false;\n" + text("\(migrations)/schema.sql"))
        try await owner.script(text("\(migrations)/grants.sql"))
        // schema.sql has no rows; the first migration gives this one.
        try await owner.script(
            "INSERT INTO platform.event_epochs (epoch, reason, began_at) VALUES (1, 'The database was made.', now())"
        )
        try await owner.script(
            "SELECT platform.let_append('portfolios_service', '{transaction.posted,transaction.reversed}')")
        let user = User.ID.version7(at: Date())
        try await owner.script(
            """
            INSERT INTO users.users (id, email, password_hash, status, email_verified_at, created_at, updated_at)
            VALUES ('\(user)', 'bench@example.com', '$argon2id$v=19$m=8,t=1,p=1$c29tZXNhbHQ$c29tZWhhc2g', 'active',
                now(), now(), now())
            """)
        let logger = Logger(label: "bench") { StreamLogHandler.standardError(label: $0) }
        func database(_ role: String) -> Database {
            Database(
                DatabaseConfiguration(
                    connectionString: server.connectionString(user: role), maximumConnections: 4,
                    pipelinedConnections: 1), logger: logger)
        }
        let service = database("portfolios_service")
        return LedgerDatabase(
            owner: owner, database: service,
            events: EventLog(service: service, worker: database("portfolios_worker"), logger: logger),
            user: user)
    }

    func close() async {
        await database.close()
        await owner.close()
    }

    /// A portfolio with so many open lots of one instrument, of many prices, opened minute by minute since 2000.
    func portfolio(_ method: CostBasisMethod, lots: Int) async throws -> (Portfolio.ID, Instrument.ID) {
        let (portfolio, instrument) = try await database.transaction(as: user.uuid) { transaction in
            let context = OperationContext(user: user, transaction: transaction, now: Date())
            let portfolio = try await createPortfolio(
                PortfoliosAPI.NewPortfolio(
                    name: "\(method) \(lots)", kind: .paper, baseCurrency: .usd, costBasisMethod: method,
                    tracksCash: false), in: context)
            // The first purchase registers the instrument.
            let posted = try await postTransaction(
                Postings.transaction(.buy, at: Postings.start), to: portfolio.id, events: events, in: context)
            guard let instrument = posted.transaction.instrumentID else { throw BenchFailure() }
            return (portfolio.id, instrument)
        }
        try await owner.script(
            """
            CREATE TEMP TABLE lot ON COMMIT DROP AS
            SELECT gen_random_uuid() AS id, timestamptz '2000-01-01' + n * interval '1 minute' AS at,
                10 + (n * 7919 % 10007) / 100.0 AS price
            FROM generate_series(1, \(lots - 1)) AS n;
            INSERT INTO portfolios.transactions (
                user_id, id, portfolio_id, type, status, instrument_id, quantity, unit_price, gross_amount, currency,
                executed_at, created_at, updated_at)
            SELECT '\(user)', id, '\(portfolio)', 'buy', 'completed', '\(instrument)', 2, price, 2 * price, 'USD',
                at, at, at
            FROM lot;
            INSERT INTO portfolios.lots (
                user_id, id, portfolio_id, instrument_id, opened_by, opened_at, quantity, remaining, currency, cost,
                remaining_cost, fees, remaining_fees, unit_basis, created_at, updated_at)
            SELECT '\(user)', id, '\(portfolio)', '\(instrument)', id, at, 2, 2, 'USD', 2 * price, 2 * price, 0, 0,
                \(method == .average ? "NULL" : "price"), at, at
            FROM lot;
            UPDATE portfolios.portfolio_holdings AS h
            SET quantity = l.quantity, cost_basis = l.cost, latest_at = l.at
            FROM (
                SELECT sum(remaining) AS quantity, sum(remaining_cost) AS cost, max(opened_at) AS at
                FROM portfolios.lots WHERE portfolio_id = '\(portfolio)') AS l
            WHERE h.portfolio_id = '\(portfolio)';
            """)
        try await owner.script(
            "ANALYZE portfolios.transactions, portfolios.lots, portfolios.portfolio_holdings")
        return (portfolio, instrument)
    }
}

struct BenchFailure: Error {}
