import ExactTypes

/// SplitMix64: the same seed gives the same inputs on every machine, so a failure can be seen again.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// An integer below 10^digits in magnitude. One in four has all the digits, and of the others the number of digits
    /// is evenly distributed, so that small numbers, round ones and those at the edge all come up.
    mutating func integer(digits: Int) -> Int128 {
        let count =
            Int.random(in: 0..<4, using: &self) == 0 ? digits : Int.random(in: 0...digits, using: &self)
        let limit = (0..<count).reduce(Int128(1)) { power, _ in power * 10 }
        let edges: [Int128] = [0, 1, limit / 2, limit / 10, limit - 1]
        let magnitude =
            Int.random(in: 0..<6, using: &self) == 0
            ? edges.randomElement(using: &self) ?? 0 : Int128.random(in: 0..<limit, using: &self)
        return Bool.random(using: &self) ? magnitude : -magnitude
    }

    /// Any decimal of the range.
    mutating func decimal() throws -> FixedDecimal { try FixedDecimal(units: integer(digits: 38)) }

    /// Any decimal but zero.
    mutating func divisor() throws -> FixedDecimal {
        let value = try decimal()
        return value.isZero ? FixedDecimal(1) : value
    }

    /// Any exchange rate.
    mutating func rate() throws -> ExchangeRate {
        try ExchangeRate(units: max(1, Int128(integer(digits: 24).magnitude)))
    }
}
