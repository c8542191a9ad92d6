import ExactTypes
import SharedTypes
import Testing

@testable import Market

@Suite struct SimulatedMarketTests {
    private static let last = CalendarDay(year: 2024, month: 6, day: 28) ?? .first

    @Test func oneSeedGivesOneMarketOnEveryMachine() throws {
        let market = try SimulatedMarket(through: Self.last, seed: 1)
        let bars = try #require(market.bars["GLEF"])
        #expect(bars.count == 650)
        // Written down from a first run: whole-number arithmetic gives these figures everywhere.
        #expect(bars.first.map(Self.text) == "2022-01-03 91.79 91.95 90.64 91.16 3606648")
        #expect(bars.last.map(Self.text) == "2024-06-28 124.34 124.81 124.2 124.4 3110462")
        #expect(market.rates.last?.rate.description == "109.0647")
    }

    private static func text(_ bar: PriceBar) -> String {
        "\(bar.day) \(bar.open) \(bar.high) \(bar.low) \(bar.close) \(bar.volume)"
    }

    @Test func anotherSeedGivesAnotherMarket() throws {
        let first = try SimulatedMarket(through: Self.last, seed: 1)
        let second = try SimulatedMarket(through: Self.last, seed: 2)
        #expect(first.bars["GLEF"] != second.bars["GLEF"])
        #expect(first.bars["GLEF"] != first.bars["NWSW"])
    }

    @Test func aLaterDayOnlyAddsDays() throws {
        let shorter = try SimulatedMarket(through: Self.last.advanced(by: -100), seed: 3)
        let longer = try SimulatedMarket(through: Self.last, seed: 3)
        for instrument in SimulatedMarket.instruments {
            let early = try #require(shorter.bars[instrument.symbol])
            #expect(longer.bars[instrument.symbol]?.starts(with: early) == true)
        }
        #expect(Set(longer.rates).isSuperset(of: shorter.rates))
    }

    @Test(arguments: [1, 2, 3, 4, 5] as [UInt64])
    func everyBarIsPossibleAndInCentsOnAWeekday(seed: UInt64) throws {
        let market = try SimulatedMarket(through: Self.last, seed: seed)
        #expect(market.bars.count == SimulatedMarket.instruments.count)
        for bar in market.bars.values.joined() {
            #expect(bar.fault == nil)
            for price in [bar.open, bar.high, bar.low, bar.close] {
                #expect(price.rounded(toDecimals: 2) == price)
            }
            // Day 4 after 1970-01-01 was a Monday.
            #expect((0...4).contains((bar.day.daysSince1970 - 4) % 7))
        }
        // A price of no day moves out of sight of the one before: half as much again is more than six deviations.
        let (least, most) = (try FixedDecimal(parsing: "0.5"), try FixedDecimal(parsing: "1.5"))
        for series in market.bars.values {
            for (before, after) in zip(series, series.dropFirst()) {
                let ratio = try after.close.divided(by: before.close)
                #expect(ratio > least && ratio < most)
            }
        }
    }

    @Test func theLastCloseStandsOnAWeekendAndNothingBeforeTheFirst() throws {
        let market = try SimulatedMarket(through: Self.last, seed: 1)
        let saturday = try #require(CalendarDay(year: 2024, month: 6, day: 22))
        let friday = try saturday.advanced(by: -1)
        #expect(market.close(of: "GLEF", on: saturday) == market.close(of: "GLEF", on: friday))
        #expect(market.close(of: "GLEF", on: saturday) != nil)
        let before = try SimulatedMarket.first.advanced(by: -1)
        #expect(market.close(of: "GLEF", on: before) == nil)
        #expect(market.close(of: "NONE", on: saturday) == nil)
        #expect(market.rate(from: .eur, to: .chf, on: saturday) != nil)
    }

    @Test func everyNameSaysThatItIsSimulated() {
        for instrument in SimulatedMarket.instruments { #expect(instrument.name.hasSuffix(" (simulated)")) }
    }
}
