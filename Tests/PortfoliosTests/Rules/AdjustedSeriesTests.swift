import ExactTypes
import Foundation
import SharedTypes
import Testing

@testable import Portfolios

/// What a close is worth in the shares of the books, by what its series is adjusted to. Every value is reckoned in the
/// comment above it.
@Suite struct AdjustedSeriesTests {
    /// A series of flat bars, brought on a day after everything.
    private struct Series {
        var bars: [(day: String, price: String)]
        var adjusted = PriceAdjustment.unknown
        var asOf = "2026-01-05"
        /// Splits that Market lists.
        var listed: [(day: String, to: Int, from: Int)] = []
    }

    private func split(_ split: (day: String, to: Int, from: Int)) throws -> LotBook.Split {
        .init(
            day: try CalendarDay(parsing: split.day),
            ratio: .init(to: FixedDecimal(split.to), from: FixedDecimal(split.from)))
    }

    /// Values what the transactions until a day make, as a valuation of the whole history would.
    private func valuation(_ all: [LedgerTransaction], by series: Series, on text: String) throws -> Valuation
    {
        let day = try CalendarDay(parsing: text)
        var prices = MarketPrices(splits: try series.listed.map(split))
        for bar in series.bars {
            let (barDay, price) = (try CalendarDay(parsing: bar.day), try FixedDecimal(bar.price))
            let asOf = try CalendarDay(parsing: series.asOf)
            if barDay <= day {
                prices.close = .init(
                    amount: price, currency: .usd, day: barDay, adjusted: series.adjusted, asOf: asOf)
            }
            for entry in all where entry.day == barDay && entry.day <= day {
                guard let traded = entry.unitPrice else { continue }
                prices.fills.append(
                    .init(
                        day: barDay, price: traded, low: price, high: price, adjusted: series.adjusted,
                        asOf: asOf))
            }
        }
        for entry in all where entry.day > day {
            guard let ratio = entry.split else { continue }
            prices.laterSplits.append(.init(day: entry.day, ratio: ratio))
        }
        let book = try PortfolioBook.replay(all.filter { $0.day <= day }, method: .fifo, tracksCash: false)
        return try Valuation(
            of: book, prices: [Sample.instrument: prices], rates: ExchangeRateTable([]), in: .usd, on: day)
    }

    private func expect(
        _ valuation: Valuation, _ value: String, _ doubt: HoldingPrice.Doubt? = nil,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        #expect(valuation.total.value == (try FixedDecimal(value)), sourceLocation: sourceLocation)
        #expect(valuation.lines.first?.price?.doubt == doubt, sourceLocation: sourceLocation)
        #expect(valuation.isComplete == (doubt == nil), sourceLocation: sourceLocation)
    }

    // MARK: - One split

    /// 100 shares at 2, and one for fifty on 2024-06-10. As a person reported it (P05), Yahoo's series has 100 for the 2 of before.
    private func consolidation() throws -> [LedgerTransaction] {
        [
            try Sample.trade(1, .buy, "2024-06-06", quantity: "100", price: "2"),
            try Sample.trade(2, .split, "2024-06-10", split: (1, 50)),
        ]
    }

    private let adjustedBars = [("2024-06-06", "100"), ("2024-06-07", "100"), ("2024-06-10", "90")]
        .map { (day: $0.0, price: $0.1) }

    /// Before the split 100 × (100 ÷ 50) = 200; after it 2 × 90 = 180.
    @Test func aSeriesAdjustedForSplitsIsRestatedToTheSharesOfTheDay() throws {
        let series = Series(bars: adjustedBars, adjusted: .splits)
        try expect(try valuation(try consolidation(), by: series, on: "2024-06-07"), "200")
        try expect(try valuation(try consolidation(), by: series, on: "2024-06-10"), "180")
    }

    /// Nothing says that the series is adjusted, but a trade at 2 does not fit a close of 100. Both sides of it: after the
    /// split nothing depends on it.
    @Test func aCloseThatDiffersFromATradeByASplitIsInDoubt() throws {
        for adjusted in [PriceAdjustment.unknown, .raw] {
            let series = Series(bars: adjustedBars, adjusted: adjusted)
            try expect(
                try valuation(try consolidation(), by: series, on: "2024-06-07"), "10000", .differsFromTrade)
            try expect(try valuation(try consolidation(), by: series, on: "2024-06-10"), "180")
        }
    }

    /// Close and trade are 2 both: the series is as traded, though it does not say so.
    @Test func aCloseThatEqualsATradeBeforeTheSplitIsInNoDoubt() throws {
        let series = Series(bars: [("2024-06-06", "2"), ("2024-06-07", "2"), ("2024-06-10", "90")])
        try expect(try valuation(try consolidation(), by: series, on: "2024-06-07"), "200")
        // Friday's 2 in the shares of Monday is 100, and 2 of them are held.
        let friday = Series(bars: [("2024-06-06", "2"), ("2024-06-07", "2")])
        try expect(try valuation(try consolidation(), by: friday, on: "2024-06-10"), "200")
    }

    /// No bar on the day of the trade: nothing shows what the series is.
    @Test func aSeriesThatSaysNothingIsInDoubtBeforeASplit() throws {
        let series = Series(bars: [("2024-06-07", "2"), ("2024-06-10", "90")])
        try expect(
            try valuation(try consolidation(), by: series, on: "2024-06-07"), "200", .adjustmentUnknown)
        try expect(try valuation(try consolidation(), by: series, on: "2024-06-10"), "180")
        // What was brought before the split cannot be adjusted for it.
        let early = Series(bars: [("2024-06-07", "2")], asOf: "2024-06-07")
        try expect(try valuation(try consolidation(), by: early, on: "2024-06-07"), "200")
    }

    /// Four for one: 10 shares bought at 400, which the series has as 100. 10 × 110 × 4 = 4,400; after it 40 × 120.
    @Test func aSplitForMoreSharesIsTakenBackToo() throws {
        let trades = [
            try Sample.trade(1, .buy, "2020-08-03", quantity: "10", price: "400"),
            try Sample.trade(2, .split, "2020-08-31", split: (4, 1)),
        ]
        let bars = [("2020-08-03", "100"), ("2020-08-28", "110"), ("2020-08-31", "120")].map {
            (day: $0.0, price: $0.1)
        }
        let stated = Series(bars: bars, adjusted: .splits)
        try expect(try valuation(trades, by: stated, on: "2020-08-28"), "4400")
        try expect(try valuation(trades, by: stated, on: "2020-08-31"), "4800")
        try expect(
            try valuation(trades, by: Series(bars: bars), on: "2020-08-28"), "1100", .differsFromTrade)
    }

    // MARK: - Several splits

    /// One for three and then three for one are nothing together: 7 × 1 stays 7, where a price rounded at each step
    /// would be 0.999999999999999999. Between them 7 ÷ 3 shares at 1 × 3 have the value 7, to the last decimal of
    /// 2.333333333333333333 shares.
    @Test func chainedSplitsAreTakenBackTogetherAndRoundedOnce() throws {
        let trades = [
            try Sample.trade(1, .buy, "2024-03-01", quantity: "7", price: "1"),
            try Sample.trade(2, .split, "2024-03-11", split: (1, 3)),
            try Sample.trade(3, .split, "2024-03-18", split: (3, 1)),
        ]
        let series = Series(
            bars: [("2024-03-01", "1"), ("2024-03-12", "1"), ("2024-03-18", "1")], adjusted: .splits)
        try expect(try valuation(trades, by: series, on: "2024-03-04"), "7")
        try expect(try valuation(trades, by: series, on: "2024-03-12"), "6.999999999999999999")
    }

    /// Two for one and five for one: 30 shares at 10 stand as 1 in the series. 30 × 1 × 10 = 300; after the first
    /// 60 × 1.1 × 5 = 330; after both 300 × 1.2 = 360. Figures brought between the two know the first alone.
    @Test func aSeriesKnowsTheSplitsUntilItWasBrought() throws {
        let trades = [
            try Sample.trade(1, .buy, "2024-03-01", quantity: "30", price: "10"),
            try Sample.trade(2, .split, "2024-03-11", split: (2, 1)),
            try Sample.trade(3, .split, "2024-03-18", split: (5, 1)),
        ]
        let late = Series(
            bars: [("2024-03-01", "1"), ("2024-03-12", "1.1"), ("2024-03-18", "1.2")], adjusted: .splits)
        for (day, value) in [("2024-03-08", "300"), ("2024-03-12", "330"), ("2024-03-18", "360")] {
            try expect(try valuation(trades, by: late, on: day), value)
        }
        let between = Series(
            bars: [("2024-03-01", "5"), ("2024-03-12", "5.5")], adjusted: .splits, asOf: "2024-03-12")
        for (day, value) in [("2024-03-08", "300"), ("2024-03-12", "330"), ("2024-03-18", "330")] {
            try expect(try valuation(trades, by: between, on: day), value)
        }
    }

    // MARK: - What Market lists

    /// The same split, listed on its ex-date and booked three days later: once. On the day between, 100 shares of before
    /// stand in the books, and the close of 90 is that of fifty of them: 100 × 90 ÷ 50 = 180.
    @Test func aSplitThatIsListedAndBookedCountsOnce() throws {
        let trades = [
            try Sample.trade(1, .buy, "2024-06-06", quantity: "100", price: "2"),
            try Sample.trade(2, .split, "2024-06-13", split: (2, 100)),
        ]
        let series = Series(bars: adjustedBars, adjusted: .splits, listed: [("2024-06-10", 1, 50)])
        try expect(try valuation(trades, by: series, on: "2024-06-07"), "200")
        // The books lag: their 100 shares are two of those that are traded.
        try expect(try valuation(trades, by: series, on: "2024-06-11"), "180")
        try expect(try valuation(trades, by: series, on: "2024-06-13"), "180")
    }

    /// Market alone knows the split: the series is restated by it, and once it has happened the books lack it.
    @Test func aListedSplitThatTheBooksLackIsInDoubt() throws {
        let trades = [try Sample.trade(1, .buy, "2024-06-06", quantity: "100", price: "2")]
        let series = Series(bars: adjustedBars, adjusted: .splits, listed: [("2024-06-10", 1, 50)])
        try expect(try valuation(trades, by: series, on: "2024-06-07"), "200")
        try expect(try valuation(trades, by: series, on: "2024-06-10"), "9000", .splitNotBooked)
        // What was bought after it has nothing to do with it.
        let after = [try Sample.trade(1, .buy, "2024-06-10", quantity: "2", price: "90")]
        try expect(try valuation(after, by: series, on: "2024-06-10"), "180")
    }

    /// A file that gives old trades in today's shares: 2 at 100 for 100 at 2. No split is to be booked.
    @Test func tradesInTheSharesOfAfterASplitNeedNoSplit() throws {
        let trades = [try Sample.trade(1, .buy, "2024-06-06", quantity: "2", price: "100")]
        let series = Series(bars: adjustedBars, adjusted: .splits, listed: [("2024-06-10", 1, 50)])
        try expect(try valuation(trades, by: series, on: "2024-06-10"), "180")
        // Before the split those 2 shares are none that were traded: a close of 2 does not fit them.
        try expect(try valuation(trades, by: series, on: "2024-06-07"), "4", .differsFromTrade)
    }

    // MARK: - Pence, and what fits nothing

    /// The kind of report P06: 1,000 at 0.65 pounds, and bars in pence kept as pounds. 1,000 × 70 = 70,000.
    @Test func penceForPoundsAreInDoubtWhateverTheSeriesSays() throws {
        let trades = [try Sample.trade(1, .buy, "2024-06-06", quantity: "1000", price: "0.65")]
        for adjusted in [PriceAdjustment.unknown, .raw, .splits] {
            let pence = Series(bars: [("2024-06-06", "70")], adjusted: adjusted)
            try expect(try valuation(trades, by: pence, on: "2024-06-07"), "70000", .differsFromTrade)
            let pounds = Series(bars: [("2024-06-06", "0.7")], adjusted: adjusted)
            try expect(try valuation(trades, by: pounds, on: "2024-06-07"), "700")
        }
    }

    /// Shares that an employer sold for a tenth fit no split that is known. A series that says what it is, is believed.
    @Test func aTradeThatFitsNothingDoubtsOnlyASeriesThatSaysNothing() throws {
        let trades = [try Sample.trade(1, .buy, "2024-06-06", quantity: "10", price: "9")]
        let bars = [(day: "2024-06-06", price: "90")]
        try expect(
            try valuation(trades, by: Series(bars: bars), on: "2024-06-07"), "900", .differsFromTrade)
        try expect(try valuation(trades, by: Series(bars: bars, adjusted: .raw), on: "2024-06-07"), "900")
        // What was sold since doubts nothing that is held.
        let sold =
            trades + [
                try Sample.trade(2, .sell, "2024-06-07", quantity: "10", price: "95"),
                try Sample.trade(3, .buy, "2024-06-10", quantity: "10", price: "91"),
            ]
        try expect(
            try valuation(sold, by: Series(bars: bars + [("2024-06-10", "90")]), on: "2024-06-10"), "900")
    }

    @Test func aSeriesWithoutItsDividendsIsNotWhatWasPaid() throws {
        let trades = [try Sample.trade(1, .buy, "2024-06-06", quantity: "10", price: "9")]
        let series = Series(bars: [("2024-06-06", "9")], adjusted: .splitsAndDividends)
        try expect(try valuation(trades, by: series, on: "2024-06-07"), "90", .adjustedForDividends)
    }

    /// A trade on its day may lie a fifth below the lowest and a quarter above the highest price, and no further: 80 and 125
    /// by a bar of 100.
    @Test func howFarATradeMayLieFromItsBar() throws {
        for (price, fits) in [("79.99", false), ("80", true), ("125", true), ("125.01", false)] {
            let trades = [try Sample.trade(1, .buy, "2024-06-06", quantity: "1", price: price)]
            let valuation = try valuation(
                trades, by: Series(bars: [("2024-06-06", "100")]), on: "2024-06-06")
            #expect(valuation.isComplete == fits, "\(price)")
        }
    }
}
