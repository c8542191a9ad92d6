import DatabaseClient
import EventLog
import ExactTypes
import Foundation
import GroveTesting
import SharedTypes
import StrictJSON
import Synchronization
import VendorFakes

@testable import Market

/// A database with the sessions in it, a clock that the test sets, and readers of fake vendors.
final class FeedTest: Sendable {
    let test: TestDatabase
    let database: Database
    private let clock: Mutex<Date>

    init(_ test: TestDatabase, now: Date) {
        self.test = test
        database = test.database(role: "market_service", maximumConnections: 4)
        clock = Mutex(now)
    }

    var now: Date { clock.withLock { $0 } }

    func advance(by seconds: TimeInterval) { clock.withLock { $0 = $0.addingTimeInterval(seconds) } }

    /// Runs a use case in a transaction of the platform's.
    func operation<Value: Sendable>(
        _ work: @Sendable (OperationContext) async throws -> Value
    ) async throws -> Value {
        try await database.transaction { transaction in
            try await work(OperationContext(user: nil, transaction: transaction, now: now))
        }
    }

    func instrument(
        _ symbol: String, source: String = "ALPACA", exchange: String = "", currency: Currency = .usd,
        class instrumentClass: InstrumentClass = .equity
    ) async throws -> Instrument.ID {
        try await operation { context in
            try await createInstrument(
                InstrumentDraft(
                    listing: try Listing(source: source, exchange: exchange, symbol: symbol), name: symbol,
                    instrumentClass: instrumentClass, currency: currency, isin: nil, isFractionable: true),
                in: context
            ).id
        }
    }

    func feed(
        _ provider: String, _ kind: FeedContent, of instrument: Instrument.ID? = nil,
        symbol: String? = nil, priority: Int = FeedDraft.usualPriority, from day: String
    ) async throws -> Feed.ID {
        try await operation { context in
            try await createFeed(
                FeedDraft(
                    provider: provider, kind: kind, instrumentID: instrument, symbol: symbol,
                    priority: priority, firstDay: try CalendarDay(parsing: day)), in: context
            ).id
        }
    }

    func reader(_ provider: any MarketProvider, sliceRows: Int = 5_000) -> FeedReader {
        var reader = FeedReader(provider: provider, database: database, now: { self.now })
        reader.sliceRows = sliceRows
        return reader
    }

    func row(_ feed: Feed.ID) async throws -> FeedRow {
        guard let row = try await database.findFeed(feedID: feed) else { throw MarketError.feedNotFound }
        return row
    }

    /// Every bar of an instrument, as a line of figures.
    func bars(of instrument: Instrument.ID) async throws -> [String] {
        try await database.listPriceBars(
            instrumentID: instrument, fromDay: .first, toDay: .last, rowLimit: 100_000
        ).map { "\($0.day) \($0.open) \($0.high) \($0.low) \($0.close) \($0.volume)" }
    }

    /// Every rate of the bank, as a line of figures.
    func rates() async throws -> [String] {
        try await test.owner.query(
            """
            SELECT day || ' ' || base || quote || ' ' || trim_scale(rate) FROM market.exchange_rates
            ORDER BY day, quote
            """
        ).many { try $0.text(0) }
    }

    /// The days that are missing of a feed, each with how often it was asked for.
    func gaps(of feed: Feed.ID) async throws -> [String] {
        try await database.listFeedGaps(feedID: feed, afterDay: .first, rowLimit: 10_000)
            .map { "\($0.day) \($0.attempts)" }
    }

    /// Has every second COMMIT that moves a feed fail, as a connection that is lost on the way does.
    func failEverySecondCommit() async throws {
        try await test.owner.script(
            """
            CREATE SCHEMA test;
            CREATE SEQUENCE test.commits;
            CREATE FUNCTION test.refuse() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
            BEGIN
                IF nextval('test.commits') % 2 = 1 THEN RAISE EXCEPTION 'this commit fails'; END IF;
                RETURN NULL;
            END $$;
            CREATE CONSTRAINT TRIGGER refuse AFTER UPDATE OF next_day, page_token ON market.feeds
                DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION test.refuse();
            """)
    }
}

/// Noon of a Wednesday, so that the last day that is over is the Tuesday before.
func withFeeds(
    at moment: String = "2024-07-10T12:00:00Z", _ body: (FeedTest) async throws -> Void
) async throws {
    try await withTestDatabase { test in
        let feeds = FeedTest(test, now: try Date(rfc3339: moment))
        try await storeTradingDays(on: feeds.database, at: feeds.now)
        try await body(feeds)
    }
}

/// Runs a body beside a fake vendor.
func withVendor<Value>(
    _ vendor: some FakeVendor, _ body: (FakeServer) async throws -> Value
) async throws -> Value {
    let server = try await FakeServer.start(vendor)
    let outcome: Result<Value, any Error>
    do { outcome = .success(try await body(server)) } catch { outcome = .failure(error) }
    await server.stop()
    return try outcome.get()
}

extension VendorClient {
    /// Without pauses to speak of.
    static let quick = VendorClient(pause: .milliseconds(1))
}

extension ECBProvider {
    static func of(_ server: FakeServer, _ client: VendorClient = .quick) -> ECBProvider {
        ECBProvider(url: server.url, client: client)
    }
}

extension CoinGeckoProvider {
    static func of(_ server: FakeServer) -> CoinGeckoProvider {
        CoinGeckoProvider(
            access: CoinGeckoAccess(
                url: "\(server.url)/api/v3", plan: .demo, key: VendorKey(text: "coin-key")), client: .quick)
    }
}

extension AlpacaProvider {
    static func of(_ server: FakeServer) throws -> AlpacaProvider {
        try AlpacaProvider(
            access: AlpacaAccess(
                url: server.url, keyID: VendorKey(text: "key"), secret: VendorKey(text: "secret"), feed: .sip),
            client: .quick)
    }
}

/// A bar of a walk for each session of New York, as Alpaca prints it, and as a line of figures.
func sessionBars(
    from first: String, through last: CalendarDay, seed: UInt64 = 11
) throws -> (bars: [AlpacaFake.Bar], lines: [String]) {
    let first = try CalendarDay(parsing: first)
    let newYork = try ExchangeCalendar.all().first { $0.mic == "XNYS" }
    let days = try ExchangeCalendar.years.flatMap { try newYork?.sessions(in: $0) ?? [] }.map(\.day)
        .filter { (first...last).contains($0) }
    var walk = SimulatedWalk(
        start: FixedDecimal(40), driftPerMillion: 400, volatilityPerMillion: 15_000, seed: seed)
    let bars = try days.map { day in
        let bar = try walk.nextBar(on: day, usualVolume: 5_000_000)
        return AlpacaFake.Bar(
            day, open: "\(bar.open)", high: "\(bar.high)", low: "\(bar.low)", close: "\(bar.close)",
            volume: "\(bar.volume)")
    }
    return (bars, bars.map { "\($0.day) \($0.open) \($0.high) \($0.low) \($0.close) \($0.volume)" })
}

/// Rates of the euro for each day of TARGET, newest last, and as lines of figures.
func targetRates(
    from first: String, through last: String
) throws -> (days: [ECBFake.Day], lines: [String]) {
    let (first, last) = (try CalendarDay(parsing: first), try CalendarDay(parsing: last))
    let open = ExpectedDays.target.days(in: first...last, sessions: [])
    let days = open.map { day in
        let step = day.daysSince1970 % 500
        return ECBFake.Day(
            day,
            [
                .init(.chf, "0.9\(step + 100)"), .init(.jpy, "1\(step % 90 + 10).5"),
                .init(.usd, "1.0\(step + 100)"),
            ])
    }
    let lines = days.flatMap { day in
        day.rates.map { "\(day.day) EUR\($0.currency) \(trimmed($0.text))" }
    }
    return (days, lines)
}

/// Without zeros at the end of the decimals, as PostgreSQL's trim_scale gives it.
private func trimmed(_ text: String) -> String {
    guard text.contains(".") else { return text }
    let digits = text.reversed().drop { $0 == "0" }
    return String(digits.drop { $0 == "." }.reversed())
}
