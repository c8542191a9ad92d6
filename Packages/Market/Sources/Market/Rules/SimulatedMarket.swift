public import ExactTypes
public import SharedTypes

/// An invented instrument, labelled as one.
public struct SimulatedInstrument: Sendable, Hashable {
    public let symbol: String
    /// Ends with "(simulated)".
    public let name: String
    public let instrumentClass: InstrumentClass
    public let currency: Currency
    let start: Int
    let driftPerMillion: Int64
    let volatilityPerMillion: Int64
    let usualVolume: Int32
}

/// An invented market for demonstrations: instruments with daily bars, and exchange rates, all from one seed.
///
/// A seed gives the same figures on every machine, and a later last day only adds days: what was there stays.
public struct SimulatedMarket: Sendable {
    /// The source of its instruments, as portfolio files name it.
    public static let source = "SIMULATED"

    /// Every instrument that it has.
    public static let instruments = [
        SimulatedInstrument(
            symbol: "GLEF", name: "Global Equity Fund (simulated)", instrumentClass: .etf, currency: .usd,
            start: 92, driftPerMillion: 380, volatilityPerMillion: 8_500, usualVolume: 4_200_000),
        SimulatedInstrument(
            symbol: "EUEF", name: "Europe Equity Fund (simulated)", instrumentClass: .etf, currency: .eur,
            start: 61, driftPerMillion: 260, volatilityPerMillion: 9_000, usualVolume: 1_100_000),
        SimulatedInstrument(
            symbol: "GVBF", name: "Government Bond Fund (simulated)", instrumentClass: .bond, currency: .usd,
            start: 104, driftPerMillion: 60, volatilityPerMillion: 2_800, usualVolume: 800_000),
        SimulatedInstrument(
            symbol: "NWSW", name: "Northwind Software (simulated)", instrumentClass: .equity, currency: .usd,
            start: 148, driftPerMillion: 700, volatilityPerMillion: 17_000, usualVolume: 9_500_000),
        SimulatedInstrument(
            symbol: "ALPH", name: "Alpine Pharma (simulated)", instrumentClass: .equity, currency: .chf,
            start: 83, driftPerMillion: 220, volatilityPerMillion: 11_000, usualVolume: 2_300_000),
        SimulatedInstrument(
            symbol: "AUTR", name: "Gold Trust (simulated)", instrumentClass: .commodity, currency: .usd,
            start: 178, driftPerMillion: 300, volatilityPerMillion: 8_000, usualVolume: 3_000_000),
        SimulatedInstrument(
            symbol: "BBLM", name: "Bitbloom (simulated)", instrumentClass: .crypto, currency: .usd,
            start: 1_650, driftPerMillion: 900, volatilityPerMillion: 32_000, usualVolume: 260_000),
    ]

    /// The last day that it covers.
    public let last: CalendarDay

    /// The first day that it covers.
    public static let first = CalendarDay(year: 2022, month: 1, day: 3) ?? .first

    /// The daily bars of each instrument, by its symbol.
    public let bars: [String: [PriceBar]]
    /// The exchange rates of each day.
    public let rates: [ExchangeRateTable.Entry]

    /// The market of a seed, up to and with the last day; throws `.overflow` for days beyond the calendar.
    public init(through last: CalendarDay, seed: UInt64 = 1) throws(ArithmeticError) {
        self.last = last
        let days = try Self.tradingDays(through: last)
        var bars: [String: [PriceBar]] = [:]
        for instrument in Self.instruments {
            var walk = SimulatedWalk(
                start: FixedDecimal(instrument.start), driftPerMillion: instrument.driftPerMillion,
                volatilityPerMillion: instrument.volatilityPerMillion,
                seed: Self.seed(seed, for: instrument.symbol))
            var series: [PriceBar] = []
            for day in days { series.append(try walk.nextBar(on: day, usualVolume: instrument.usualVolume)) }
            bars[instrument.symbol] = series
        }
        self.bars = bars
        rates = try Self.rates(on: days, seed: seed)
    }

    /// The last close of an instrument on or before the day; nil where it has none yet.
    public func close(of symbol: String, on day: CalendarDay) -> FixedDecimal? {
        bars[symbol]?.last { $0.day <= day }?.close
    }

    /// The rate between two currencies on a day, by the same rule as everywhere.
    public func rate(from base: Currency, to quote: Currency, on day: CalendarDay) -> ExchangeRate? {
        ExchangeRateTable(rates).rate(from: base, to: quote, on: day)?.rate
    }

    /// Mondays to Fridays; the invented market keeps no holidays.
    private static func tradingDays(through last: CalendarDay) throws(ArithmeticError) -> [CalendarDay] {
        var days: [CalendarDay] = []
        var day = first
        while day <= last {
            if day.weekday != .saturday, day.weekday != .sunday { days.append(day) }
            day = try day.advanced(by: 1)
        }
        return days
    }

    private static func rates(
        on days: [CalendarDay], seed: UInt64
    ) throws(ArithmeticError) -> [ExchangeRateTable.Entry] {
        // Each pair walks in hundreds, for the walk's lower bound is one and rates such as 0.9 lie beneath it.
        let pairs: [(base: Currency, quote: Currency, startInHundredths: Int)] = [
            (.eur, .usd, 113), (.gbp, .usd, 135), (.usd, .chf, 92), (.usd, .jpy, 11_530),
        ]
        var entries: [ExchangeRateTable.Entry] = []
        for pair in pairs {
            var walk = SimulatedWalk(
                start: FixedDecimal(pair.startInHundredths), driftPerMillion: 0, volatilityPerMillion: 4_500,
                seed: Self.seed(seed, for: pair.base.code + pair.quote.code))
            for day in days {
                let hundredfold = try walk.nextClose().rounded(toDecimals: 2)
                // A hundredth in units of 10^-12; of two decimals nothing is cut off.
                let rate = try ExchangeRate(units: hundredfold.units / 100_000_000)
                entries.append(.init(base: pair.base, quote: pair.quote, day: day, rate: rate))
            }
        }
        return entries
    }

    /// A seed of its own for each name, by FNV-1a, so that one more instrument leaves the others as they are.
    private static func seed(_ seed: UInt64, for name: String) -> UInt64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325 ^ seed
        for byte in name.utf8 { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
        return hash
    }
}
