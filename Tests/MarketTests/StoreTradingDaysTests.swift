import DatabaseClient
import ExactTypes
import Foundation
import GroveTesting
import Testing

@testable import Market

@Suite struct StoreTradingDaysTests {
    private func days(_ test: TestDatabase) async throws -> [String] {
        try await test.owner.query(
            """
            SELECT exchange || ' ' || count(*) || ' ' || min(day) || ' ' || max(updated_at AT TIME ZONE 'UTC')
            FROM market.trading_days GROUP BY exchange ORDER BY exchange
            """
        ).many { try $0.text(0) }
    }

    @Test func storesEverySessionOnceAndThenNothing() async throws {
        try await withTestDatabase { test in
            let database = test.database(role: "market_service")
            let (first, second) = (Date(timeIntervalSince1970: 0), Date(timeIntervalSince1970: 90_000))
            try await storeTradingDays(on: database, at: first)
            let stored = try await days(test)
            #expect(stored.map { $0.prefix(4) } == ["XETR", "XLON", "XNYS", "XSWX"])
            #expect(stored.contains { $0.hasPrefix("XNYS 9820 1990-01-02") }, "\(stored)")
            try await storeTradingDays(on: database, at: second)
            #expect(try await days(test) == stored)
            let days = try await listSessions(
                of: "XNYS", from: CalendarDay(parsing: "2025-07-03"), to: CalendarDay(parsing: "2025-07-06"),
                limit: 10, on: database)
            let friday = try #require(days.last)
            #expect("\(friday.day)" == "2025-07-03")
            #expect(friday.closesAt.formatted(.iso8601) == "2025-07-03T17:00:00Z")
        }
    }

    /// A newer version of the data that lacks a day, has another hour, or has one more day.
    @Test func whatAnOlderVersionSaidIsReplaced() async throws {
        try await withTestDatabase { test in
            let database = test.database(role: "market_service")
            let now = Date(timeIntervalSince1970: 0)
            try await storeTradingDays(on: database, at: now)
            let stored = try await days(test)
            try await test.owner.script(
                """
                UPDATE market.trading_days SET source = 'EXCHANGE_CALENDARS_1' WHERE exchange = 'XETR';
                UPDATE market.trading_days SET closes_at = closes_at - interval '1 hour', source = 'OLD'
                WHERE exchange = 'XETR' AND day = '2025-06-02';
                DELETE FROM market.trading_days WHERE exchange = 'XETR' AND day = '2025-06-03';
                INSERT INTO market.trading_days VALUES
                    ('XETR', '2025-06-01', '2025-06-01 07:00Z', '2025-06-01 15:30Z', 'OLD', now(), now()),
                    ('XDEM', '2025-06-01', '2025-06-01 07:00Z', '2025-06-01 15:30Z', 'DEMO', now(), now());
                """)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<2 { group.addTask { try await storeTradingDays(on: database, at: now) } }
                try await group.waitForAll()
            }
            let replaced = try await days(test)
            #expect(replaced.filter { !$0.hasPrefix("XDEM") } == stored)
            #expect(replaced.count == 5)
        }
    }
}
