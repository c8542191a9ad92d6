import DatabaseClient
import EventLog
import ExactTypes
import Foundation
import GroveTesting
import SharedTypes
import Testing
import VendorFakes

@testable import Market

/// The European Central Bank's rates, coins, and corporate actions as they arrive.
@Suite struct FeedReaderRateTests {
    @Test func theWholeHistoryOfRatesArrivesInPiecesThatMayEachBeLost() async throws {
        let rates = try targetRates(from: "2021-01-04", through: "2024-07-09")
        try await withVendor(ECBFake(days: rates.days)) { server in
            try await withFeeds { feeds in
                let feed = try await feeds.feed("ECB", .exchangeRates, from: "2021-01-04")
                try await feeds.failEverySecondCommit()
                var failed = 0
                while failed < 30 {
                    do {
                        try await feeds.reader(ECBProvider.of(server), sliceRows: 300).read(feed)
                        break
                    } catch is DatabaseError {
                        failed += 1
                        #expect(try await feeds.rates().count == feeds.row(feed).rowsRead)
                    }
                }
                // 2,700 rates and some, in pieces of a hundred days.
                #expect(failed == (rates.lines.count + 299) / 300)
                #expect(try await feeds.rates() == rates.lines)
                #expect(try await feeds.gaps(of: feed) == [])
                #expect(server.requests.first?.path == "/eurofxref-hist.xml")
            }
        }
    }

    /// One day is the daily file, some weeks are that of 90 days.
    @Test func theSmallestFileThatReachesBackIsRead() async throws {
        let rates = try targetRates(from: "2024-01-02", through: "2024-07-10")
        try await withVendor(ECBFake(days: rates.days.filter { "\($0.day)" <= "2024-07-09" })) { server in
            try await withFeeds { feeds in
                let feed = try await feeds.feed("ECB", .exchangeRates, from: "2024-06-03")
                try await feeds.reader(ECBProvider.of(server)).read(feed)
                #expect(server.requests.map(\.path) == ["/eurofxref-hist-90d.xml"])
                feeds.advance(by: .days(1))
                // Nothing is published of the 10th: its day is missing, and not the newest day's rates.
                try await feeds.reader(ECBProvider.of(server)).read(feed)
                #expect(server.requests.last?.path == "/eurofxref-daily.xml")
                #expect(try await feeds.gaps(of: feed) == ["2024-07-10 1"])
                try await withVendor(ECBFake(days: rates.days)) { later in
                    feeds.advance(by: .days(1))
                    try await feeds.reader(ECBProvider.of(later)).read(feed)
                    #expect(try await feeds.gaps(of: feed) == ["2024-07-11 1"])
                    #expect(try await feeds.rates() == rates.lines.filter { $0 >= "2024-06-03" })
                }
            }
        }
    }

    @Test func aCoinHasACloseEachDayAndMissesOneOfAWeekend() async throws {
        let days = ExpectedDays.everyDay.days(
            in: try CalendarDay(parsing: "2023-01-01")...CalendarDay(parsing: "2024-07-09"), sessions: [])
        // A price of many decimals, and one that a program prints with an exponent.
        let closes = days.map { CoinGeckoFake.Close($0, "69702.30874735\(73 + $0.daysSince1970 % 7)") }
            .filter { "\($0.day)" != "2024-06-08" }
        let coins = [
            "bitcoin": closes,
            "pepe": [CoinGeckoFake.Close(try CalendarDay(parsing: "2024-07-09"), "7.4e-09")],
        ]
        try await withVendor(CoinGeckoFake(coins: coins, key: "coin-key")) { server in
            try await withFeeds { feeds in
                let bitcoin = try await feeds.instrument("BTC", source: "COINGECKO", class: .crypto)
                let feed = try await feeds.feed(
                    "COINGECKO", .bars, of: bitcoin, symbol: "bitcoin", from: "2023-01-01")
                let reader = feeds.reader(CoinGeckoProvider.of(server))
                try await reader.read(feed)
                #expect(
                    try await feeds.bars(of: bitcoin)
                        == closes.map { "\($0.day) \($0.text) \($0.text) \($0.text) \($0.text) 0" })
                #expect(try await feeds.gaps(of: feed) == ["2024-06-08 1"])
                let pepe = try await feeds.instrument("PEPE", source: "COINGECKO", class: .crypto)
                let small = try await feeds.feed(
                    "COINGECKO", .bars, of: pepe, symbol: "pepe", from: "2024-07-09")
                try await reader.read(small)
                #expect(
                    try await feeds.bars(of: pepe)
                        == ["2024-07-09 0.0000000074 0.0000000074 0.0000000074 0.0000000074 0"])
            }
        }
    }

    @Test func corporateActionsAreKeptByKindAndDay() async throws {
        func action(_ list: String, _ process: String, _ json: String) throws -> AlpacaFake.Action {
            AlpacaFake.Action(list, symbol: "ACME", processDay: try CalendarDay(parsing: process), json: json)
        }
        var actions = try [
            action(
                "forward_splits", "2024-06-10", #""id":"a","ex_date":"2024-06-10","new_rate":10,"old_rate":1"#
            ),
            action(
                "reverse_splits", "2021-08-02", #""id":"b","ex_date":"2021-08-02","new_rate":1,"old_rate":8"#),
            action("stock_dividends", "2023-05-19", #""id":"c","ex_date":"2023-05-19","rate":0.05"#),
            // Two payments with one ex-date are one row with their sum, though they are paid on two days.
            action(
                "cash_dividends", "2023-09-01",
                #""id":"d","ex_date":"2023-08-10","rate":0.24,"special":false"#),
            action(
                "cash_dividends", "2023-09-08", #""id":"e","ex_date":"2023-08-10","rate":0.24,"special":true"#
            ),
            action(
                "cash_dividends", "2023-12-01",
                #""id":"f","ex_date":"2023-11-10","rate":0.5,"sub_type":"return_of_capital","currency":"USD""#
            ),
            action("name_changes", "2022-06-09", #""id":"g","new_symbol":"ACM""#),
            action(
                "spin_offs", "2023-01-04", #""id":"h","ex_date":"2023-01-04","new_rate":1,"source_rate":3"#),
        ]
        // More than a page of ordinary dividends, each year one.
        for year in 1990..<2020 {
            actions.append(
                try action(
                    "cash_dividends", "\(year)-03-01",
                    #""id":"y\#(year)","ex_date":"\#(year)-02-01","rate":0.1"#))
        }
        try await withVendor(AlpacaFake(actions: actions)) { server in
            server.always(.repeatedRow)
            try await withFeeds { feeds in
                let instrument = try await feeds.instrument("ACME")
                let feed = try await feeds.feed(
                    "ALPACA", .corporateActions, of: instrument, from: "1990-01-01")
                try await feeds.reader(try AlpacaProvider.of(server)).read(feed)
                let stored = try await feeds.test.owner.query(
                    """
                    SELECT concat_ws(' ', ex_date, kind, trim_scale(new_shares), trim_scale(old_shares),
                        trim_scale(amount), currency, new_symbol)
                    FROM market.corporate_actions WHERE ex_date >= '2020-01-01' ORDER BY ex_date
                    """
                ).many { try $0.text(0) }
                #expect(
                    stored == [
                        "2021-08-02 split 1 8", "2022-06-09 symbol_change ACM", "2023-05-19 split 1.05 1",
                        "2023-08-10 dividend 0.48 USD", "2023-11-10 return_of_capital 0.5 USD",
                        "2024-06-10 split 10 1",
                    ])
                let row = try await feeds.row(feed)
                #expect(row.rowsRead == 36)
                #expect(row.rowsRefused == 1, "a spin-off is not kept yet")
                feeds.advance(by: .days(1))
                try await feeds.reader(try AlpacaProvider.of(server)).read(feed)
                #expect(
                    try await feeds.test.owner.query("SELECT count(*) FROM market.corporate_actions")
                        .one { try $0.int(0) } == 36)
            }
        }
    }

    @Test func theBetterProviderWinsAndTheOtherIsShown() async throws {
        let first = try sessionBars(from: "2024-07-01", through: try CalendarDay(parsing: "2024-07-09"))
        var offered = first.bars
        // A tenth of a percent of the close is within the tolerance, one percent is not.
        let close = try FixedDecimal(parsing: offered[1].close)
        func moved(byPerMille: Int) throws -> String {
            "\(try close.scaled(by: FixedDecimal(1_000 + byPerMille), over: FixedDecimal(1_000)).rounded(toDecimals: 2))"
        }
        let (near, far) = (try moved(byPerMille: 1), try moved(byPerMille: 10))
        let day = offered[1].day
        func flat(_ price: String) -> AlpacaFake.Bar {
            AlpacaFake.Bar(day, open: price, high: price, low: price, close: price, volume: "1")
        }
        try await withFeeds { feeds in
            let instrument = try await feeds.instrument("ACME", source: "YAHOO", exchange: "XNYS")
            func keep(_ price: String, source: String) async throws {
                let value = try FixedDecimal(parsing: price)
                let bar = PriceBar(
                    day: day, open: value, high: value, low: value, close: value, volume: .zero)
                try await feeds.operation { context in
                    _ = try await context.transaction.writePriceBars(
                        [NewPriceBar(bar, of: instrument)], source: source, adjusted: .raw, now: context.now)
                }
            }
            func disagreements() async throws -> [String] {
                try await feeds.database.listPriceDisagreements(
                    afterInstrumentID: .lowest, afterDay: .first, afterProvider: "", rowLimit: 10
                ).map { "\($0.day) \($0.provider) \($0.offered) not \($0.kept) of \($0.keptSource)" }
            }
            func stored() async throws -> String? {
                try await feeds.database.listClosesOfDays(instrumentID: instrument, fromDay: day, toDay: day)
                    .first.map { "\($0.close) \($0.source)" }
            }
            // A file's bar gives way to a provider before 100, and stands against one behind it.
            try await keep(far, source: "YAHOO")
            let feed = try await feeds.feed(
                "ALPACA", .bars, of: instrument, priority: 200, from: "2024-07-01")
            try await withVendor(AlpacaFake(bars: ["ACME": offered])) { server in
                try await feeds.reader(try AlpacaProvider.of(server)).read(feed)
            }
            #expect(try await stored() == "\(far) YAHOO")
            #expect(try await disagreements() == ["\(day) ALPACA \(close) not \(far) of YAHOO"])
            try await feeds.operation { context in
                _ = try await context.transaction.updateFeed(
                    priority: 10, active: true, firstDay: try CalendarDay(parsing: "2024-07-01"),
                    nextDay: try CalendarDay(parsing: "2024-07-01"), now: context.now, feedID: feed)
            }
            offered[1] = flat(near)
            try await withVendor(AlpacaFake(bars: ["ACME": offered])) { server in
                try await keep("\(close)", source: "YAHOO")
                try await feeds.reader(try AlpacaProvider.of(server)).read(feed)
            }
            #expect(try await stored() == "\(near) ALPACA")
            #expect(try await disagreements() == [], "within the tolerance there is none")
        }
    }
}
