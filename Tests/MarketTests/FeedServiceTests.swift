import DatabaseClient
import EventLog
import ExactTypes
import Foundation
import GroveTesting
import Logging
import MetricsTestKit
import SharedTypes
import Testing
import VendorFakes

@testable import Market

/// What is due is read, by itself, and a provider that cannot be asked keeps no other waiting.
@Suite struct FeedServiceTests {
    @Test func anHourOfRefusalIsWaitedForAndKeepsNoOtherWaiting() async throws {
        let rates = try targetRates(from: "2024-06-03", through: "2024-07-09")
        let closes = [CoinGeckoFake.Close(try CalendarDay(parsing: "2024-07-09"), "58000.5")]
        let coins = CoinGeckoFake(coins: ["bitcoin": closes, "ether": closes])
        try await withVendor(ECBFake(days: rates.days)) { bank in
            try await withVendor(coins) { gecko in
                try await withFeeds { feeds in
                    let logger = Logger(label: "test")
                    let ofBank = FeedLane(reader: feeds.reader(ECBProvider.of(bank)), logger: logger)
                    let ofGecko = FeedLane(reader: feeds.reader(CoinGeckoProvider.of(gecko)), logger: logger)
                    let bitcoin = try await feeds.instrument("BTC", source: "COINGECKO", class: .crypto)
                    let ether = try await feeds.instrument("ETH", source: "COINGECKO", class: .crypto)
                    let first = try await feeds.feed(
                        "COINGECKO", .bars, of: bitcoin, symbol: "bitcoin", from: "2024-07-09")
                    let second = try await feeds.feed(
                        "COINGECKO", .bars, of: ether, symbol: "ether", from: "2024-07-09")
                    _ = try await feeds.feed("ECB", .exchangeRates, from: "2024-06-03")

                    gecko.always(.status(429, retryAfter: 3_600))
                    for _ in 0..<12 {
                        try await ofGecko.readDue()
                        try await ofBank.readDue()
                        feeds.advance(by: 299)
                    }
                    #expect(gecko.requests.count == 1, "not even for its other coin")
                    #expect(try await feeds.rates() == rates.lines)
                    // Both fell due at one moment, so that either may have been the one that asked.
                    let asked = [try await feeds.row(first), try await feeds.row(second)]
                    #expect(asked.map(\.failures).sorted() == [0, 1])
                    #expect(asked.compactMap(\.error) == ["The provider asks for a pause of 3600 s."])

                    gecko.always(nil)
                    feeds.advance(by: 20)
                    try await ofGecko.readDue()
                    #expect(try await feeds.bars(of: bitcoin).count == 1)
                    #expect(try await feeds.bars(of: ether).count == 1)
                    #expect(try await feeds.row(first).failures == 0)
                    let requests = gecko.requests.count
                    try await ofGecko.readDue()
                    #expect(gecko.requests.count == requests, "until the next night nothing is due")
                }
            }
        }
    }

    /// One listing that the provider does not know keeps the others of it going.
    @Test func aFeedThatFailsComesAgainLaterAndLaterAndTheOthersGoOn() async throws {
        let closes = [CoinGeckoFake.Close(try CalendarDay(parsing: "2024-07-09"), "58000.5")]
        try await withVendor(CoinGeckoFake(coins: ["bitcoin": closes])) { gecko in
            try await withFeeds { feeds in
                let lane = FeedLane(
                    reader: feeds.reader(CoinGeckoProvider.of(gecko)), logger: Logger(label: "test"))
                let unknown = try await feeds.instrument("NONE", source: "COINGECKO", class: .crypto)
                let bitcoin = try await feeds.instrument("BTC", source: "COINGECKO", class: .crypto)
                let failing = try await feeds.feed(
                    "COINGECKO", .bars, of: unknown, symbol: "none", from: "2024-07-09")
                _ = try await feeds.feed(
                    "COINGECKO", .bars, of: bitcoin, symbol: "bitcoin", from: "2024-07-09")
                try await lane.readDue()
                #expect(try await feeds.bars(of: bitcoin).count == 1)
                var row = try await feeds.row(failing)
                #expect(row.error == "The provider refuses the request: it answers 404.")
                #expect(row.attemptAt >= feeds.now.addingTimeInterval(30))
                #expect(row.attemptAt <= feeds.now.addingTimeInterval(60))
                for _ in 0..<9 {
                    feeds.advance(by: row.attemptAt.timeIntervalSince(feeds.now) + 1)
                    try await lane.readDue()
                    row = try await feeds.row(failing)
                }
                #expect(row.failures == 10)
                #expect(row.attemptAt >= feeds.now.addingTimeInterval(3 * 3_600))
                #expect(row.attemptAt <= feeds.now.addingTimeInterval(6 * 3_600))
            }
        }
    }

    @Test func anInactiveFeedIsNotRead() async throws {
        try await withVendor(ECBFake(days: [])) { bank in
            try await withFeeds { feeds in
                let feed = try await feeds.feed("ECB", .exchangeRates, from: "2024-06-03")
                try await feeds.operation { context in
                    let day = try CalendarDay(parsing: "2024-06-03")
                    _ = try await context.transaction.updateFeed(
                        priority: 50, active: false, firstDay: day, nextDay: day, now: context.now,
                        feedID: feed)
                }
                let lane = FeedLane(reader: feeds.reader(ECBProvider.of(bank)), logger: Logger(label: "test"))
                try await lane.readDue()
                #expect(bank.requests.isEmpty)
            }
        }
    }

    @Test func theGaugesSayHowFeedsStand() async throws {
        try await withFeeds { feeds in
            let acme = try await feeds.instrument("ACME")
            let other = try await feeds.instrument("OTHER")
            let failing = try await feeds.feed("ALPACA", .bars, of: acme, from: "2024-07-08")
            _ = try await feeds.feed("ALPACA", .bars, of: other, from: "2024-07-09")
            let bank = try await feeds.feed("ECB", .exchangeRates, from: "2024-07-10")
            try await feeds.operation { context in
                try await context.transaction.failFeed(
                    error: "It is down.", attemptAt: context.now, now: context.now, feedID: failing)
                try await noteGaps(
                    [try CalendarDay(parsing: "2024-07-05"), try CalendarDay(parsing: "2024-07-08")],
                    of: try await feeds.row(bank), in: context)
            }
            let metrics = TestMetrics()
            FeedGauges(factory: metrics).record(
                try await feeds.database.measureFeeds(), asked: ["ECB"], at: feeds.now)
            func value(_ label: String, _ provider: String) throws -> Double? {
                try metrics.expectGauge(label, [("provider", provider)]).lastValue
            }
            let labels = [
                "market_feeds", "market_feeds_failing", "market_feed_missing_days", "market_feed_lag_days",
                "market_provider_off",
            ]
            // The 8th and the 9th are over, the 10th is not.
            #expect(try labels.map { try value($0, "ALPACA") } == [2, 1, 0, 2, 1])
            #expect(try labels.map { try value($0, "ECB") } == [1, 0, 2, 0, 0])
        }
    }
}
