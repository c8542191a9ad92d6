import ExactTypes
import Foundation
import GroveTesting
import SharedTypes
import Testing

@testable import Portfolios

@Suite struct AllocationTests {
    private static let day = "2024-01-02"

    private struct Generated {
        let valuation: Valuation
        let classes: [Instrument.ID: InstrumentClass]
    }

    /// A portfolio of up to a dozen instruments in dollars and francs, with cash in both, valued in francs.
    private func generated(by random: inout SeededGenerator) throws -> Generated {
        var transactions: [LedgerTransaction] = []
        var prices: [Instrument.ID: MarketPrices] = [:]
        var classes: [Instrument.ID: InstrumentClass] = [:]
        func figure(upTo units: Int64) throws -> FixedDecimal {
            try FixedDecimal(units: Int128.random(in: 1...Int128(units) * 1_000_000_000, using: &random))
        }
        for currency in [Currency.usd, .chf] {
            transactions.append(
                LedgerTransaction(
                    id: Sample.transactionID(transactions.count), type: .deposit,
                    grossAmount: FixedDecimal(2_000_000), currency: currency,
                    executedAt: try Sample.moment("2024-01-01")))
        }
        for number in 0..<Int.random(in: 0...12, using: &random) {
            let instrument = Instrument.ID(
                UUID(uuid: (2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, UInt8(number))))
            let currency: Currency = Bool.random(using: &random) ? .usd : .chf
            let quantity = try figure(upTo: 100_000_000_000)
            transactions.append(
                LedgerTransaction(
                    id: Sample.transactionID(transactions.count), type: .buy, instrumentID: instrument,
                    quantity: quantity, unitPrice: FixedDecimal(1), grossAmount: quantity,
                    currency: currency, executedAt: try Sample.moment(Self.day)))
            let day = try CalendarDay(parsing: Self.day)
            prices[instrument] = MarketPrices(
                close: .init(
                    amount: try figure(upTo: 3_000_000_000), currency: currency, day: day, adjusted: .raw,
                    asOf: day))
            classes[instrument] = InstrumentClass.allCases.randomElement(using: &random)
        }
        let rate = ExchangeRateTable.Entry(
            base: .usd, quote: .chf, day: try CalendarDay(parsing: Self.day),
            rate: try ExchangeRate(parsing: "0.8413"))
        return Generated(
            valuation: try Valuation(
                of: try PortfolioBook.replay(transactions, method: .fifo, tracksCash: true), prices: prices,
                rates: ExchangeRateTable([rate]), in: .chf, on: try CalendarDay(parsing: Self.day)),
            classes: classes)
    }

    @Test func whateverIsHeldTheWeightsAddUpToAHundredAndTheValuesToTheTotal() throws {
        var random = SeededGenerator(seed: 17)
        for _ in 0..<300 {
            let made = try generated(by: &random)
            let (valuation, total) = (
                made.valuation, try made.valuation.total.value + made.valuation.totalCash
            )
            let allocation = try Allocation(of: valuation, classes: made.classes)
            func sum(_ figures: [FixedDecimal]) throws -> FixedDecimal {
                try figures.reduce(.zero) { try $0 + $1 }
            }
            #expect(try sum(allocation.classes.map(\.weight)) == FixedDecimal(100))
            #expect(try sum(allocation.currencies.map(\.weight)) == FixedDecimal(100))
            #expect(try sum(allocation.classes.map(\.value)) == total)
            #expect(try sum(allocation.currencies.map(\.value)) == total)
            #expect(try sum(allocation.instruments.map(\.value)) == valuation.total.value)
            for part in allocation.instruments {
                let exact = try FixedDecimal(100).scaled(by: part.value, over: total)
                #expect(try (part.weight - exact).magnitude <= FixedDecimal(units: 2))
            }
            #expect(allocation.instruments.map(\.value) == allocation.instruments.map(\.value).sorted(by: >))
        }
    }

    @Test func whatIsWorthNothingIsInNoList() throws {
        let book = try PortfolioBook.replay(
            [
                try Sample.trade(1, .buy, "2024-01-01", quantity: "1", price: "5"),
                try Sample.trade(2, .sell, "2024-01-02", quantity: "1", price: "5"),
            ], method: .fifo, tracksCash: false)
        let allocation = try Allocation(
            of: try Valuation(
                of: book, prices: [:], rates: ExchangeRateTable([]), in: .usd,
                on: try CalendarDay(parsing: Self.day)), classes: [Sample.instrument: .equity])
        #expect(allocation.instruments.isEmpty && allocation.classes.isEmpty && allocation.currencies.isEmpty)
    }
}
