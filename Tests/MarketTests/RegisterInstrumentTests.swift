import DatabaseClient
import EventLog
import ExactTypes
import Foundation
import GroveTesting
import SharedTypes
import Testing

@testable import Market

/// The function that other contexts call, as the role that calls it.
@Suite struct RegisterInstrumentTests {
    private static func register(
        _ symbol: String, in test: TestDatabase, as user: User.ID?, source: String = "YAHOO"
    ) async throws -> UUID {
        try await test.database(role: "portfolios_service", maximumConnections: 2).transaction(as: user?.uuid)
        {
            try await $0.registerForTest(symbol, source: source, currency: "USD")
        }
    }

    private static func share(_ symbol: String, in test: TestDatabase) async throws -> Instrument.ID {
        try await test.database(role: "market_service", maximumConnections: 2).transaction { transaction in
            try await createInstrument(
                InstrumentDraft(
                    listing: try Listing(source: "YAHOO", exchange: "", symbol: symbol), name: symbol,
                    instrumentClass: .equity, currency: .usd, isin: nil, isFractionable: true),
                in: OperationContext(user: nil, transaction: transaction, now: Date())
            ).id
        }
    }

    @Test func anUnknownListingBecomesTheUsersPrivateInstrument() async throws {
        try await withTestDatabase { test in
            let (first, second) = (try await test.makeUser(), try await test.makeUser())
            let mine = try await Self.register("GOOG", in: test, as: first)
            #expect(try await Self.register("GOOG", in: test, as: first, source: "yahoo") == mine)
            #expect(try await Self.register("GOOG", in: test, as: second) != mine)
            #expect(try await Self.register("goog", in: test, as: first) != mine)
        }
    }

    @Test func aSharedInstrumentIsGivenToWhoeverHasNoneOfTheirOwn() async throws {
        try await withTestDatabase { test in
            let (early, late) = (try await test.makeUser(), try await test.makeUser())
            let own = try await Self.register("GOOG", in: test, as: early)
            let shared = try await Self.share("GOOG", in: test)
            #expect(try await Self.register("GOOG", in: test, as: late) == shared.uuid)
            // Holdings hang on the private one already.
            #expect(try await Self.register("GOOG", in: test, as: early) == own)
        }
    }

    /// By the exchange, by the suffix, and by a source that names American listings without one.
    private static let calendars:
        [(source: String, exchange: String, symbol: String, class: String, calendar: String)] = [
            ("YAHOO", "", "GOOG", "equity", "XNYS"), ("YAHOO", "", "BRK-B", "equity", "XNYS"),
            ("YAHOO", "", "SAP.DE", "equity", "XETR"), ("YAHOO", "", "vod.l", "equity", "XLON"),
            ("YAHOO", "", "NESN.SW", "equity", "XSWX"), ("YAHOO", "", "VWCE.DE", "etf", "XETR"),
            ("YAHOO", "NMS", "AAPL", "equity", "XNYS"), ("MANUAL", "XNAS", "AAPL", "equity", "XNYS"),
            ("MANUAL", "xetra", "SAP", "equity", "XETR"), ("MANUAL", "EBS", "NESN", "equity", "XSWX"),
            ("MANUAL", "", "GOOG", "equity", "-"), ("YAHOO", "", "7203.T", "equity", "-"),
            ("YAHOO", "XTKS", "SAP.DE", "equity", "-"), ("YAHOO", "", "BTC-USD", "crypto", "-"),
            ("YAHOO", "", "BTC", "crypto", "-"), ("YAHOO", "", "^GSPC", "equity", "-"),
        ]

    @Test func aListingHasTheCalendarOfItsExchange() async throws {
        try await withTestDatabase { test in
            let user = try await test.makeUser()
            let registrations = Self.calendars.map {
                """
                SELECT market.register_instrument(
                    gen_random_uuid(), '\($0.source)', '\($0.exchange)', '\($0.symbol)', 'Name', '\($0.class)', 'USD', now());
                """
            }
            try await test.owner.script(
                "BEGIN; SELECT app.act_as('\(user)'); \(registrations.joined(separator: "\n")) COMMIT")
            let stored = try await test.owner.query(
                """
                SELECT concat_ws(' ', source, exchange, symbol, coalesce(calendar, '-')) FROM market.instruments
                """
            ).many { try $0.text(0) }
            #expect(
                Set(stored)
                    == Set(
                        Self.calendars.map {
                            "\($0.source) \($0.exchange.uppercased()) \($0.symbol) \($0.calendar)"
                        }))
        }
    }

    @Test func nobodyRegistersNothing() async throws {
        try await withTestDatabase { test in
            let error = try await #require(throws: DatabaseError.self) {
                try await Self.register("GOOG", in: test, as: nil)
            }
            #expect(error.sqlState == "42501")
        }
    }

    @Test func thirtyTwoCallsAtOnceGiveOneInstrument() async throws {
        try await withTestDatabase { test in
            let user = try await test.makeUser()
            let database = test.database(role: "portfolios_service", maximumConnections: 17)
            let ids = try await withThrowingTaskGroup(of: UUID.self) { group in
                for _ in 0..<32 {
                    group.addTask {
                        try await database.transaction(as: user.uuid) {
                            try await $0.registerForTest("GOOG", source: "YAHOO", currency: "USD")
                        }
                    }
                }
                return try await group.reduce(into: Set<UUID>()) { $0.insert($1) }
            }
            #expect(ids.count == 1)
            let count = try await test.owner.query("SELECT count(*) FROM market.instruments").one {
                try $0.int(0)
            }
            #expect(count == 1)
        }
    }

    @Test func aBatchGivesOneIdForEachRowInOrder() async throws {
        try await withTestDatabase { test in
            let user = try await test.makeUser()
            let database = test.database(role: "portfolios_service", maximumConnections: 2)
            var parameters = Parameters()
            parameters.append(uuidArray: (0..<3).map { _ in Instrument.ID.version7(at: Date()).uuid })
            parameters.append(textArray: ["B", "A", "B"])
            let statement = Statement(
                name: "test.registerBatch",
                sql: """
                    SELECT market.register_instrument(
                        r.id, 'YAHOO', '', r.symbol, r.symbol, 'equity', 'USD', now())
                    FROM unnest($1::uuid[], $2::text[]) WITH ORDINALITY AS r (id, symbol, number) ORDER BY r.number
                    """, access: .write)
            let ids = try await database.transaction(as: user.uuid) {
                try await $0.execute(statement, parameters).many { try $0.uuid(0) }
            }
            #expect(ids.count == 3)
            #expect(ids[0] == ids[2])
            #expect(ids[0] != ids[1])
        }
    }
}
