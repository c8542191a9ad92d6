public import ExactTypes

/// Known exchange rates, and the one rule by which Grove reads a rate for a day out of them.
///
/// The rate of a pair on a day is the last known on or before it, at most seven days old. The direct pair comes
/// first, then the inverse of the opposite pair, then two steps through USD, then two steps through EUR; each
/// step follows the same rule. A newer inverse does not displace a direct rate that is young enough. Where
/// nothing fits, the rate is unavailable, which is never the same as 1.
public struct ExchangeRateTable: Sendable {
    /// One known rate: a unit of `base` bought `rate` units of `quote` on `day`.
    public struct Entry: Sendable, Hashable {
        public let base: Currency
        public let quote: Currency
        public let day: CalendarDay
        public let rate: ExchangeRate

        public init(base: Currency, quote: Currency, day: CalendarDay, rate: ExchangeRate) {
            self.base = base
            self.quote = quote
            self.day = day
            self.rate = rate
        }
    }

    /// A rate that was found, and what explains it.
    public struct Quote: Sendable, Hashable {
        /// Units of the last currency in `path` for one unit of the first. An inverse and each chained step are
        /// rounded half to even to 12 decimals.
        public let rate: ExchangeRate
        /// The day of the rate; of two steps, the older day.
        public let asOf: CalendarDay
        /// The codes of the currencies that were passed: `["CHF", "USD", "JPY"]`.
        public let path: [String]
    }

    /// The number of days after which a rate no longer stands for a day.
    public static let maximumAgeDays = 7

    /// The currencies through which a rate is derived, in order of preference.
    public static let intermediaries: [Currency] = [.usd, .eur]

    private struct Pair: Hashable {
        let base: Currency
        let quote: Currency
    }

    /// The rates of each pair in order of days.
    private let series: [Pair: [Entry]]

    /// A table of the entries, in any order; of two entries with one pair and day, the last one stands.
    public init(_ entries: [Entry]) {
        var byDay: [Pair: [CalendarDay: Entry]] = [:]
        for entry in entries {
            byDay[Pair(base: entry.base, quote: entry.quote), default: [:]][entry.day] = entry
        }
        series = byDay.mapValues { $0.values.sorted { $0.day < $1.day } }
    }

    /// The rate from one currency to another on a day, or nil where it is unavailable.
    public func rate(from base: Currency, to quote: Currency, on day: CalendarDay) -> Quote? {
        if base == quote { return Quote(rate: .one, asOf: day, path: [base.code]) }
        if let step = step(from: base, to: quote, on: day) { return step }
        for intermediary in Self.intermediaries where intermediary != base && intermediary != quote {
            guard let first = step(from: base, to: intermediary, on: day),
                let second = step(from: intermediary, to: quote, on: day),
                let rate = try? first.rate.chained(with: second.rate)
            else { continue }
            return Quote(
                rate: rate, asOf: min(first.asOf, second.asOf),
                path: [base.code, intermediary.code, quote.code])
        }
        return nil
    }

    /// The rate of the pair itself or of its opposite. A rate whose inverse has no twelve-decimal form is passed
    /// over, as if it were unknown.
    private func step(from base: Currency, to quote: Currency, on day: CalendarDay) -> Quote? {
        let path = [base.code, quote.code]
        if let direct = last(of: Pair(base: base, quote: quote), on: day) {
            return Quote(rate: direct.rate, asOf: direct.day, path: path)
        }
        guard let opposite = last(of: Pair(base: quote, quote: base), on: day),
            let rate = try? opposite.rate.inverse()
        else { return nil }
        return Quote(rate: rate, asOf: opposite.day, path: path)
    }

    /// The last entry of a pair on or before the day, unless it is too old.
    private func last(of pair: Pair, on day: CalendarDay) -> Entry? {
        guard let entries = series[pair] else { return nil }
        var lower = 0
        var upper = entries.count
        while lower < upper {
            let middle = (lower + upper) / 2
            if entries[middle].day <= day { lower = middle + 1 } else { upper = middle }
        }
        guard lower > 0, entries[lower - 1].day.days(until: day) <= Self.maximumAgeDays else { return nil }
        return entries[lower - 1]
    }
}
