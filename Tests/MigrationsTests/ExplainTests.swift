import DatabaseClient
import Foundation
import GroveTesting
import Migrations
import SchemaAnalysis
import Testing

/// Every statement of every module, planned on rows that services would have: of the seed's load, and of what
/// no user brings.
@Suite struct ExplainTests {
    /// 400 users, of whom one has a tenth of all transactions.
    private static func fill(_ test: TestDatabase) async throws {
        let migrations = Repository.root.appending(path: "migrations").path
        var options = Seed.Options()
        (options.users, options.heaviest) = (400, 4_000)
        try await Seed(
            connectionString: test.connectionString(role: "postgres"),
            migrations: try MigrationFolder(path: migrations),
            folder: try SeedFolder(path: "\(migrations)/seed"), options: options
        ).run()
        // An index-only scan is cheap where VACUUM has been, as it has in a database that lives.
        for statement in others.split(separator: ";\n") { try await test.owner.script(String(statement)) }
        try await test.owner.script("VACUUM ANALYZE")
    }

    /// Feeds, listings and what an operator has to look after.
    private static let others = """
        INSERT INTO market.instruments (
            id, owner_id, source, exchange, symbol, name, class, currency, revision, created_at, updated_at)
        SELECT overlay(gen_random_uuid()::text PLACING '01' FROM 1 FOR 2)::uuid, CASE WHEN n > 4000 THEN u.id END,
            'YAHOO', 'XNAS', 'T' || n % 4000, 'Name ' || n, 'equity', 'USD', 1, now(), now()
        FROM generate_series(1, 6000) n
        JOIN (SELECT id, row_number() OVER (ORDER BY id) AS place FROM users.users) u ON u.place = n % 400 + 1;
        INSERT INTO market.feeds (
            id, provider, kind, instrument_id, symbol, priority, first_day, next_day, attempt_at, revision, created_at,
            updated_at)
        SELECT gen_random_uuid(), p.provider, 'bars', i.id, i.symbol, 50, '2020-01-02', '2024-01-02', now(), 1, now(), now()
        FROM market.instruments i, (VALUES ('ALPACA'), ('COINGECKO')) p (provider) WHERE i.owner_id IS NULL;
        INSERT INTO market.feed_gaps (feed_id, day, attempts, attempt_at, created_at, updated_at)
        SELECT f.id, date '2020-01-01' + n, 1, now(), now(), now()
        FROM (SELECT id FROM market.feeds LIMIT 50) f, generate_series(1, 200) n;
        INSERT INTO market.price_disagreements (
            instrument_id, day, provider, kept, kept_source, offered, created_at, updated_at)
        SELECT f.instrument_id, date '2020-01-01' + n, 'ALPACA', 10, 'YAHOO', 11, now(), now()
        FROM (SELECT instrument_id FROM market.feeds WHERE provider = 'ALPACA' LIMIT 500) f, generate_series(1, 20) n;
        INSERT INTO market.congress_trades (
            id, source_hash, source, member, bioguide_id, chamber, party, ticker, transaction, traded_on, filed_on,
            amount_low, amount_high, owner, ordinal, raw, created_at)
        SELECT gen_random_uuid(), sha256(n::text::bytea), 'QUIVER', 'Jane Doe', 'D000001', 'house', 'D', 'T' || n % 500,
            'purchase', date '2016-01-01' + n / 3, date '2016-01-08' + n / 3, 1001, 15000, 'self', 1, '{}', now()
        FROM generate_series(1, 10000) n;
        INSERT INTO market.job_runs (id, type, trading_date_et, status, attempt, stats, created_at, updated_at)
        SELECT gen_random_uuid(), 'load_' || n % 2, date '2016-01-01' + n / 2, 'pending', 1, '{}', now(), now()
        FROM generate_series(1, 5000) n;
        INSERT INTO platform.consumers (name, partitions, created_at, updated_at)
        SELECT 'load.consumer_' || n, 4, now(), now() FROM generate_series(1, 10) n;
        INSERT INTO platform.consumer_cursors (
            consumer, partition, epoch, transaction_number, position, handled, created_at, updated_at)
        SELECT name, p, 1, 1, 0, 0, now(), now() FROM platform.consumers, generate_series(0, 3) p
        WHERE name LIKE 'load.%';
        INSERT INTO platform.events (
            id, owner_id, epoch, transaction_number, position, type, version, key, payload, occurred_at, created_at)
        SELECT gen_random_uuid(), u.id, 1, 1000000 + n, u.place, 'load.happened', 1, 'k' || n, '{}', at, at
        FROM (SELECT id, row_number() OVER (ORDER BY id)::int AS place FROM users.users) u,
            generate_series(1, 40) n, LATERAL (SELECT timestamptz '2026-01-01' + n * interval '1 hour' AS at) m;
        INSERT INTO platform.parked_events (
            consumer, event_id, owner_id, epoch, transaction_number, position, status, attempts, error, created_at,
            updated_at)
        SELECT 'load.consumer_' || abs(hashtext(id::text)) % 10 + 1, id, owner_id, epoch, transaction_number, position,
            'parked', 5, 'no such quest', created_at, created_at
        FROM platform.events WHERE type = 'load.happened' AND abs(hashtext(id::text)) % 5 = 0;
        INSERT INTO market.owner_prices (user_id, instrument_id, day, price, created_at, updated_at)
        SELECT i.owner_id, i.id, date '2026-01-01' + n, 10, now(), now()
        FROM market.instruments i, generate_series(1, 5) n WHERE i.owner_id IS NOT NULL;
        INSERT INTO portfolios.lot_selections (user_id, portfolio_id, transaction_id, opened_by, quantity, created_at)
        SELECT user_id, portfolio_id, id, opened_by, 1, now()
        FROM (
            SELECT user_id, portfolio_id, id,
                lag(id) OVER (PARTITION BY user_id, portfolio_id ORDER BY executed_at) AS opened_by
            FROM portfolios.transactions) t
        WHERE opened_by IS NOT NULL AND abs(hashtext(id::text)) % 5 = 0;
        """

    /// Used by an owner's function alone, whose plan a statement does not show; `SearchInstrumentsTests` sees it used.
    private static let ofFunctions: Set<String> = ["market.instruments_search_idx"]

    private func explain(_ test: TestDatabase) async throws -> RepositoryExplanation.Outcome {
        try await RepositoryExplanation(repository: Repository.root.path, largePages: 20)
            .run(test.connectionString(role: "postgres"))
    }

    @Test func everyStatementGoesByAnIndexAndEveryIndexIsGoneBy() async throws {
        try await withTestDatabase { test in
            try await Self.fill(test)
            let outcome = try await explain(test)
            let findings = outcome.findings.filter { !Self.ofFunctions.contains($0.subject) }
            #expect(findings.isEmpty, "\(findings)")
            #expect(outcome.statements.count > 550)
            // So that nobody takes a quiet run on an empty database for a proof.
            let large = outcome.facts.tables.keys.filter { outcome.facts.isLarge($0) }
            #expect(large.count >= 30, "\(large.sorted())")

            // It bites: the statement that loses its index is named, and the index that nobody asked for.
            try await test.owner.script(
                """
                DROP INDEX portfolios.transactions_executed_at_idx;
                CREATE INDEX transactions_note_idx ON portfolios.transactions (user_id, note);
                ANALYZE portfolios.transactions
                """)
            let broken = try await explain(test).findings
            let named = Set(broken.filter { $0.rule == "sort" }.map(\.subject))
            #expect(named.contains { $0.hasPrefix("Portfolios.listTransactions") }, "\(broken)")
            #expect(
                broken.filter { $0.rule == "index" && !Self.ofFunctions.contains($0.subject) }.map(\.subject)
                    == ["portfolios.transactions_note_idx"])
        }
    }

    @Test func aDatabaseThatNobodyAnalysedIsRefused() async throws {
        try await withTestDatabase { test in
            try await test.owner.script("UPDATE pg_class SET reltuples = -1")
            await #expect(throws: MigrationError.self) { try await explain(test) }
        }
    }
}
