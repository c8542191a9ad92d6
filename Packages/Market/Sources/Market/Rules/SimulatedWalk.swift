import ExactTypes

/// A random walk of a price in whole-number arithmetic, so that one seed gives the same prices on every machine.
///
/// Each trading day multiplies the price by 1 plus drift plus volatility times a near-normal number, the sum of
/// twelve even ones. Nothing of it is a forecast: it makes figures that look like a market's.
struct SimulatedWalk {
    /// Millionths by which the price grows a day, on average.
    let driftPerMillion: Int64
    /// The standard deviation of a day's change, in millionths.
    let volatilityPerMillion: Int64

    private var price: Int64
    private var random: SplitMix64

    /// A price walks in steps of 10^-8, which leave room for a product with millionths.
    private static let unitsPerStep: Int128 = 10_000_000_000

    /// Prices stay between these two, in steps: one and ten million.
    private static let bounds: ClosedRange<Int64> = 100_000_000...1_000_000_000_000_000

    init(start: FixedDecimal, driftPerMillion: Int64, volatilityPerMillion: Int64, seed: UInt64) {
        self.driftPerMillion = driftPerMillion
        self.volatilityPerMillion = volatilityPerMillion
        price = Self.bounded(Int64(start.units / Self.unitsPerStep))
        random = SplitMix64(state: seed)
    }

    /// The bar of the next trading day, in prices of two decimals.
    mutating func nextBar(on day: CalendarDay, usualVolume: Int32) throws(ArithmeticError) -> PriceBar {
        let open = moved(price, byMillionths: volatilityPerMillion / 4)
        price = Self.bounded(
            Self.scaled(
                price, byMillionths: driftPerMillion + random.normal() * volatilityPerMillion / 1_000_000))
        let reach = volatilityPerMillion / 2
        let high = Self.scaled(max(open, price), byMillionths: abs(random.normal()) * reach / 1_000_000)
        let low = Self.scaled(min(open, price), byMillionths: -abs(random.normal()) * reach / 1_000_000)
        let volume = Int64(usualVolume) / 2 + Int64(random.below(UInt64(usualVolume)))
        // Rounding keeps the order of the four, since it never makes a smaller figure the larger one.
        return PriceBar(
            day: day, open: try Self.cents(open), high: try Self.cents(high), low: try Self.cents(low),
            close: try Self.cents(price), volume: FixedDecimal(Int(volume)))
    }

    /// The close of the next trading day, unrounded.
    mutating func nextClose() throws(ArithmeticError) -> FixedDecimal {
        price = Self.bounded(
            Self.scaled(
                price, byMillionths: driftPerMillion + random.normal() * volatilityPerMillion / 1_000_000))
        return try FixedDecimal(units: Int128(price) * Self.unitsPerStep)
    }

    private mutating func moved(_ price: Int64, byMillionths deviation: Int64) -> Int64 {
        Self.bounded(Self.scaled(price, byMillionths: random.normal() * deviation / 1_000_000))
    }

    private static func cents(_ steps: Int64) throws(ArithmeticError) -> FixedDecimal {
        try FixedDecimal(units: Int128(steps) * unitsPerStep).rounded(toDecimals: 2)
    }

    private static func scaled(_ price: Int64, byMillionths change: Int64) -> Int64 {
        price + Int64(Int128(price) * Int128(change) / 1_000_000)
    }

    private static func bounded(_ price: Int64) -> Int64 {
        min(max(price, bounds.lowerBound), bounds.upperBound)
    }
}

/// Steele, Lea and Flood's SplitMix64: a seed gives the same numbers everywhere.
struct SplitMix64 {
    private var state: UInt64

    init(state: UInt64) { self.state = state }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// A number from 0 to below the limit. The slight preference for small numbers does not matter here.
    mutating func below(_ limit: UInt64) -> UInt64 { next() % limit }

    /// A near-normal number in millionths of the standard deviation, from -6,000,000 to 6,000,000: twelve even
    /// numbers from 0 to 1 have the sum 6 and the variance 1 (Irwin and Hall).
    mutating func normal() -> Int64 {
        var sum: Int64 = -6_000_000
        for _ in 0..<12 { sum += Int64(below(1_000_001)) }
        return sum
    }
}
