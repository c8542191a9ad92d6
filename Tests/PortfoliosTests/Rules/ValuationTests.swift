import ExactTypes
import Foundation
import SharedTypes
import Testing

@testable import Portfolios

@Suite struct ValuationTests {
    private func rates(_ entries: [(Currency, Currency, String, String)]) throws -> ExchangeRateTable {
        ExchangeRateTable(
            try entries.map { base, quote, day, rate in
                .init(
                    base: base, quote: quote, day: try CalendarDay(parsing: day),
                    rate: try ExchangeRate(parsing: rate))
            })
    }

    private func close(
        _ amount: String, _ currency: Currency, _ day: String
    ) throws -> [Instrument.ID: MarketPrices] {
        let day = try CalendarDay(parsing: day)
        return [
            Sample.instrument: MarketPrices(
                close: .init(
                    amount: try FixedDecimal(amount), currency: currency, day: day, adjusted: .raw, asOf: day)
            )
        ]
    }

    private func valuation(
        _ transactions: [LedgerTransaction], tracksCash: Bool = false,
        _ prices: [Instrument.ID: MarketPrices] = [:], _ rates: ExchangeRateTable = .init([]),
        in currency: Currency, on day: String
    ) throws -> Valuation {
        try Valuation(
            of: try PortfolioBook.replay(transactions, method: .fifo, tracksCash: tracksCash), prices: prices,
            rates: rates, in: currency, on: try CalendarDay(parsing: day))
    }

    /// ghostfolio/ghostfolio, apps/api/src/app/portfolio/calculator/roai/
    /// portfolio-calculator-baln-buy-and-buy.spec.ts (perf-01).
    @Test func twoBuysValuedAtTheClose() throws {
        let valuation = try valuation(
            [
                try Sample.trade(
                    1, .buy, "2021-11-22", quantity: "2", price: "142.9", fee: "1.55", currency: .chf),
                try Sample.trade(
                    2, .buy, "2021-11-30", quantity: "2", price: "136.6", fee: "1.65", currency: .chf),
            ], try close("148.9", .chf, "2021-12-18"), in: .chf, on: "2021-12-18")
        let line = try #require(valuation.lines.first)
        #expect(line.quantity == FixedDecimal(4))
        #expect(line.averagePrice == (try FixedDecimal("139.75")))
        #expect(line.price?.isStale == false)
        #expect(valuation.total.investment == FixedDecimal(559))
        #expect(valuation.total.fees == (try FixedDecimal("3.2")))
        #expect(try valuation.total.costBasis() == FixedDecimal("562.2"))
        #expect(valuation.total.value == (try FixedDecimal("595.6")))
        #expect(try valuation.total.grossPerformance() == FixedDecimal("36.6"))
        #expect(try valuation.total.netPerformance() == FixedDecimal("33.4"))
        #expect(valuation.currencyEffect?.currencyGain == .zero)
        #expect(valuation.isComplete)
    }

    /// ghostfolio/ghostfolio, apps/api/src/app/portfolio/calculator/roai/portfolio-calculator-googl-buy.spec.ts
    /// (perf-05).
    @Test func theGainOfTheMarketAndOfTheCurrencyApart() throws {
        let valuation = try valuation(
            [try Sample.trade(1, .buy, "2023-01-03", quantity: "1", price: "89.12", fee: "1")],
            try close("116.45", .usd, "2023-07-10"),
            try rates([(.usd, .chf, "2023-01-03", "0.9238"), (.usd, .chf, "2023-07-10", "0.8854")]),
            in: .chf, on: "2023-07-10")
        #expect(valuation.total.value == (try FixedDecimal("103.10483")))
        #expect(valuation.total.investment == (try FixedDecimal("78.906848")))
        let effect = try #require(valuation.currencyEffect)
        #expect(effect.investment == (try FixedDecimal("82.329056")))
        #expect(effect.grossPerformance == (try FixedDecimal("20.775774")))
        #expect(try effect.netPerformance() == FixedDecimal("19.851974"))
        // 27.33 at 0.8854 is the market's; 89.12 at a rate lower by 0.0384 the currency's.
        #expect(try valuation.total.grossPerformance() == FixedDecimal("24.197982"))
        #expect(effect.currencyGain == (try FixedDecimal("-3.422208")))
    }

    @Test func withoutTheRateOfTheDayOfBuyingTheEffectIsUnknownTheValueIsNot() throws {
        let valuation = try valuation(
            [try Sample.trade(1, .buy, "2023-01-03", quantity: "1", price: "89.12")],
            try close("116.45", .usd, "2023-07-10"), try rates([(.usd, .chf, "2023-07-10", "0.8854")]),
            in: .chf, on: "2023-07-10")
        #expect(valuation.total.value == (try FixedDecimal("103.10483")))
        #expect(valuation.currencyEffect == nil)
        #expect(valuation.isComplete)
    }

    @Test func withoutARateAHoldingIsNamedAndTheTotalSaysSo() throws {
        let valuation = try valuation(
            [try Sample.trade(1, .buy, "2023-01-03", quantity: "1", price: "89.12")],
            in: .chf, on: "2023-07-10")
        let line = try #require(valuation.lines.first)
        #expect(line.gap == .noExchangeRate)
        #expect(line.own?.value == (try FixedDecimal("89.12")))
        #expect(line.converted == nil)
        #expect(valuation.total.value == .zero)
        #expect(!valuation.isComplete)
    }

    @Test func withoutABarTheLastTradeIsThePriceMarkedStale() throws {
        let trades = [
            try Sample.trade(1, .buy, "2023-01-03", quantity: "4", price: "80"),
            try Sample.trade(2, .sell, "2023-02-03", quantity: "1", price: "90", fee: "2"),
        ]
        let line = try #require(try valuation(trades, in: .usd, on: "2023-07-10").lines.first)
        #expect(line.price?.amount == FixedDecimal(90))
        #expect(line.price?.asOf == (try CalendarDay(parsing: "2023-02-03")))
        #expect(line.price?.source == .lastTrade && line.price?.isStale == true)
        #expect(line.own?.value == FixedDecimal(270))
        #expect(try line.own?.grossPerformance() == FixedDecimal(40))
        #expect(try line.own?.netPerformance() == FixedDecimal(38))

        let old = try valuation(trades, try close("85", .usd, "2023-01-31"), in: .usd, on: "2023-07-10")
        #expect(old.lines.first?.price?.source == .lastTrade)
        let bar = try valuation(trades, try close("85", .usd, "2023-02-03"), in: .usd, on: "2023-02-11")
        #expect(bar.lines.first?.price?.source == .market && bar.lines.first?.price?.isStale == true)
        // A close of the same week stands, whatever was traded since.
        let young = try valuation(trades, try close("85", .usd, "2023-01-31"), in: .usd, on: "2023-02-05")
        #expect(young.lines.first?.price?.amount == FixedDecimal(85))
        let fresh = try valuation(trades, try close("85", .usd, "2023-02-03"), in: .usd, on: "2023-02-10")
        #expect(fresh.lines.first?.price?.isStale == false)
    }

    @Test func aBarFromBeforeASplitIsRestated() throws {
        let valuation = try valuation(
            [
                try Sample.trade(1, .buy, "2023-01-03", quantity: "1", price: "400"),
                try Sample.trade(2, .split, "2023-02-03", split: (4, 1)),
            ], try close("440", .usd, "2023-02-02"), in: .usd, on: "2023-02-03")
        #expect(valuation.total.value == FixedDecimal(440))
    }

    @Test func whatWasGivenAndNeverTradedHasNoPrice() throws {
        let valuation = try valuation(
            [try Sample.trade(1, .adjustment, "2023-01-03", quantity: "1")], in: .usd, on: "2023-02-03")
        #expect(valuation.lines.first?.gap == .noPrice)
        #expect(!valuation.isComplete)
    }

    @Test func cashIsApartAndCashWithoutARateIsNamed() throws {
        let trades = [
            try Sample.trade(1, .deposit, "2023-01-03", amount: "100", currency: .eur, instrument: nil),
            try Sample.trade(2, .deposit, "2023-01-03", amount: "50", currency: .jpy, instrument: nil),
            try Sample.trade(3, .fee, "2023-01-04", amount: "3", currency: .eur, instrument: nil),
        ]
        let valuation = try valuation(
            trades, tracksCash: true, [:],
            try rates([(.eur, .usd, "2023-07-10", "1.1"), (.eur, .usd, "2023-01-04", "1.05")]),
            in: .usd, on: "2023-07-10")
        #expect(valuation.totalCash == (try FixedDecimal("106.7")))
        #expect(valuation.total.fees == (try FixedDecimal("3.3")))
        #expect(valuation.cash.map(\.converted) == [try FixedDecimal("106.7"), nil])
        #expect(!valuation.isComplete)
    }

    @Test func whatWasSoldStaysInTheGainsAtTheRatesOfItsDays() throws {
        let valuation = try valuation(
            [
                try Sample.trade(1, .buy, "2023-01-03", quantity: "10", price: "10"),
                try Sample.trade(2, .sell, "2023-03-01", quantity: "10", price: "12", fee: "2"),
            ], [:],
            try rates([
                (.usd, .chf, "2023-01-03", "0.9"), (.usd, .chf, "2023-03-01", "0.8"),
                (.usd, .chf, "2023-07-10", "0.5"),
            ]), in: .chf, on: "2023-07-10")
        #expect(valuation.total.realizedGain == FixedDecimal(9))
        // 120 × 0.8 − 100 × 0.9, less the fee of 2 × 0.8.
        #expect(valuation.currencyEffect?.grossPerformance == FixedDecimal(6))
        #expect(try valuation.currencyEffect?.netPerformance() == FixedDecimal("4.4"))
    }

    @Test func aValuationEndsWhereNobodyWaitsForIt() throws {
        let all = try (1...3).map {
            try Sample.trade(
                $0, .buy, "2021-01-01", quantity: "1", price: "10", instrument: Instrument.ID(UUID()))
        }
        var asked = 0
        #expect(throws: CancellationError.self) {
            try Valuation(
                of: try PortfolioBook.replay(all, method: .fifo, tracksCash: false), prices: [:],
                rates: ExchangeRateTable([]), in: .usd, on: try CalendarDay(parsing: "2021-01-02")
            ) {
                asked += 1
                if asked == 2 { throw CancellationError() }
            }
        }
        #expect(asked == 2)
    }
}
