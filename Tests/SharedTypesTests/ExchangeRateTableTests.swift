import ExactTypes
import SharedTypes
import Testing

@Suite struct ExchangeRateTableTests {
    private static func day(_ text: String) throws -> CalendarDay { try CalendarDay(parsing: text) }

    private static func entry(
        _ base: Currency, _ quote: Currency, _ day: String, _ rate: String
    ) throws -> ExchangeRateTable.Entry {
        ExchangeRateTable.Entry(
            base: base, quote: quote, day: try Self.day(day), rate: try ExchangeRate(parsing: rate))
    }

    @Test func aCurrencyIsWorthItself() throws {
        let quote = ExchangeRateTable([]).rate(from: .chf, to: .chf, on: try Self.day("2024-03-01"))
        #expect(quote?.rate == .one)
        #expect(quote?.path == ["CHF"])
    }

    @Test(arguments: [
        ("2024-03-01", "1.1", "2024-03-01"),  // the day itself
        ("2024-03-08", "1.2", "2024-03-05"),  // the last before it
        ("2024-03-12", "1.2", "2024-03-05"),  // seven days old still stands
    ])
    func theLastRateOnOrBeforeTheDayStands(on day: String, rate: String, asOf: String) throws {
        let table = ExchangeRateTable([
            try Self.entry(.eur, .usd, "2024-03-05", "1.2"), try Self.entry(.eur, .usd, "2024-03-01", "1.1"),
        ])
        let quote = try #require(table.rate(from: .eur, to: .usd, on: try Self.day(day)))
        #expect(quote.rate == (try ExchangeRate(parsing: rate)))
        #expect(quote.asOf == (try Self.day(asOf)))
        #expect(quote.path == ["EUR", "USD"])
    }

    @Test(arguments: ["2024-02-29", "2024-03-13"])
    func aRateOfTheFutureOrEightDaysOldIsUnavailable(on day: String) throws {
        let table = ExchangeRateTable([
            try Self.entry(.eur, .usd, "2024-03-01", "1.1"), try Self.entry(.eur, .usd, "2024-03-05", "1.2"),
        ])
        #expect(table.rate(from: .eur, to: .usd, on: try Self.day(day)) == nil)
    }

    @Test func aDirectRateComesBeforeANewerInverse() throws {
        let table = ExchangeRateTable([
            try Self.entry(.eur, .usd, "2024-03-01", "1.1"), try Self.entry(.usd, .eur, "2024-03-05", "0.5"),
        ])
        let day = try Self.day("2024-03-06")
        #expect(table.rate(from: .eur, to: .usd, on: day)?.rate == (try ExchangeRate(parsing: "1.1")))
        #expect(
            table.rate(from: .eur, to: .usd, on: try day.advanced(by: 5))?.rate
                == (try ExchangeRate(parsing: "2")))
    }

    @Test func twoStepsGoThroughUSDBeforeEURAndAreAsOldAsTheOlder() throws {
        let throughEUR = [
            try Self.entry(.eur, .chf, "2024-03-06", "0.8"), try Self.entry(.eur, .jpy, "2024-03-06", "160"),
        ]
        let throughUSD = [
            try Self.entry(.usd, .chf, "2024-03-01", "0.8"), try Self.entry(.usd, .jpy, "2024-03-05", "150"),
        ]
        let day = try Self.day("2024-03-06")
        let quote = try #require(
            ExchangeRateTable(throughEUR + throughUSD).rate(from: .chf, to: .jpy, on: day))
        #expect(quote.rate == (try ExchangeRate(parsing: "187.5")))
        #expect(quote.asOf == (try Self.day("2024-03-01")))
        #expect(quote.path == ["CHF", "USD", "JPY"])

        let other = try #require(ExchangeRateTable(throughEUR).rate(from: .chf, to: .jpy, on: day))
        #expect(other.rate == (try ExchangeRate(parsing: "200")))
        #expect(other.path == ["CHF", "EUR", "JPY"])
    }

    @Test func theLaterOfTwoEntriesForOneDayStands() throws {
        let table = ExchangeRateTable([
            try Self.entry(.eur, .usd, "2024-03-01", "1.1"), try Self.entry(.eur, .usd, "2024-03-01", "1.3"),
        ])
        let quote = table.rate(from: .eur, to: .usd, on: try Self.day("2024-03-01"))
        #expect(quote?.rate == (try ExchangeRate(parsing: "1.3")))
    }

    @Test func aRateWithoutAnInverseIsPassedOver() throws {
        let table = ExchangeRateTable([
            try Self.entry(.chf, .usd, "2024-03-01", "0.000000000001"),
            try Self.entry(.usd, .eur, "2024-03-01", "2"), try Self.entry(.eur, .chf, "2024-03-01", "3"),
        ])
        let quote = table.rate(from: .usd, to: .chf, on: try Self.day("2024-03-01"))
        #expect(quote?.rate == (try ExchangeRate(parsing: "6")))
        #expect(quote?.path == ["USD", "EUR", "CHF"])
    }

    /// Random tables, each question answered a second time by looking through every entry for every age.
    @Test(arguments: 1...200)
    func itAgreesWithASearchThroughEverything(seed: Int) throws {
        var random = SplitMix(state: UInt64(seed))
        let currencies: [Currency] = [.usd, .eur, .chf, .jpy]
        let start = try Self.day("2024-01-01")
        let entries = try (0..<Int(random.below(40))).map { _ in
            let base = currencies[random.below(4)]
            let others = currencies.filter { $0 != base }
            return ExchangeRateTable.Entry(
                base: base, quote: others[random.below(3)], day: try start.advanced(by: random.below(40)),
                rate: try ExchangeRate(units: Int128(1 + random.below(3_000_000_000_000))))
        }
        let table = ExchangeRateTable(entries)
        for _ in 0..<50 {
            let base = currencies[random.below(4)]
            let quote = currencies[random.below(4)]
            let day = try start.advanced(by: random.below(50))
            let found = table.rate(from: base, to: quote, on: day).map {
                BruteForce.Answer(rate: $0.rate, asOf: $0.asOf, path: $0.path)
            }
            #expect(found == BruteForce(entries: entries, day: day).rate(from: base, to: quote))
        }
    }
}

/// The rule written a second time without any index: each age from today backwards, each entry in turn.
private struct BruteForce {
    struct Answer: Equatable {
        let rate: ExchangeRate
        let asOf: CalendarDay
        let path: [String]
    }

    let entries: [ExchangeRateTable.Entry]
    let day: CalendarDay

    func rate(from base: Currency, to quote: Currency) -> Answer? {
        if base == quote { return Answer(rate: .one, asOf: day, path: [base.code]) }
        if let known = known(base, quote) {
            return Answer(rate: known.rate, asOf: known.day, path: [base.code, quote.code])
        }
        for through in [Currency.usd, .eur] where ![base, quote].contains(through) {
            if let first = known(base, through), let second = known(through, quote),
                let rate = try? first.rate.chained(with: second.rate)
            {
                let path = [base.code, through.code, quote.code]
                return Answer(rate: rate, asOf: min(first.day, second.day), path: path)
            }
        }
        return nil
    }

    private func known(_ base: Currency, _ quote: Currency) -> (rate: ExchangeRate, day: CalendarDay)? {
        for isInverse in [false, true] {
            for age in 0...7 {
                let match = entries.last {
                    $0.base == (isInverse ? quote : base) && $0.quote == (isInverse ? base : quote)
                        && $0.day.days(until: day) == age
                }
                guard let match else { continue }
                if !isInverse { return (match.rate, match.day) }
                // Only the newest opposite counts: where it has no inverse, an older one does not step in.
                return (try? match.rate.inverse()).map { ($0, match.day) }
            }
        }
        return nil
    }
}

private struct SplitMix {
    var state: UInt64

    mutating func below(_ limit: Int) -> Int {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return Int((mixed ^ (mixed >> 31)) % UInt64(limit))
    }
}
