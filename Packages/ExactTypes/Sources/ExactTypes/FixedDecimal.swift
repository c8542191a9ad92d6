import Foundation

/// An exact decimal with eighteen decimals, PostgreSQL's `numeric(38,18)`: what money and quantities are made of.
///
/// The magnitude is below 10^20. Arithmetic that would leave this range throws, and arithmetic that needs more
/// decimals rounds half to even, once. In JSON it is a string, so that no reader turns it into a binary float.
public struct FixedDecimal: Sendable, Hashable {
    /// The number of decimals.
    public static let scale = 18
    /// The most digits that stand before the point.
    public static let integerDigits = 20

    /// Zero.
    public static let zero = FixedDecimal(0)

    static let unitsPerOne: Int128 = 1_000_000_000_000_000_000
    static let limit: Int128 = 100_000_000_000_000_000_000_000_000_000_000_000_000

    /// The value times 10^18; its magnitude is below 10^38 always.
    public var units: Int128 { words.value }

    private let words: Int128Words

    /// The value `units × 10^-18`; throws `.overflow` where the magnitude of the units is not below 10^38.
    ///
    /// It takes an Int128, since a generic integer would be converted through its witnesses, for each figure of a row.
    public init(units: Int128) throws(ArithmeticError) {
        guard units > -Self.limit, units < Self.limit else { throw .overflow }
        words = Int128Words(units)
    }

    /// A whole number. It never fails: every Int lies within the range.
    public init(_ integer: Int) {
        words = Int128Words(Int128(integer) * Self.unitsPerOne)
    }

    /// Reads a plain decimal such as "-12.5": no exponent, no plus, no spaces.
    ///
    /// More than 18 decimals or 20 integer digits are an error and never rounded, so that a text and the value
    /// that was read from it are equal.
    public init(parsing text: some StringProtocol) throws(ParseError) {
        words = Int128Words(
            try DecimalText.units(String(text), scale: Self.scale, integerDigits: Self.integerDigits))
    }

    /// The nearest value, half to even; throws `.overflow` for what is too large, and for NaN.
    public init(rounding value: Foundation.Decimal) throws(ArithmeticError) {
        var exact = value
        var rounded = Foundation.Decimal()
        NSDecimalRound(&rounded, &exact, Self.scale, .bankers)
        do throws(ParseError) {
            try self.init(parsing: rounded.description)
        } catch {
            throw .overflow
        }
    }

    init(unchecked units: Int128) { words = Int128Words(units) }
}

extension FixedDecimal {
    /// Whether the value is exactly zero.
    public var isZero: Bool { units == 0 }

    /// Whether the value is below zero.
    public var isNegative: Bool { units < 0 }

    /// Whether the value is above zero.
    public var isPositive: Bool { units > 0 }

    /// Whether the value has no decimals.
    public var isWhole: Bool { units % Self.unitsPerOne == 0 }

    /// The value without its sign.
    public var magnitude: FixedDecimal { FixedDecimal(unchecked: abs(units)) }

    /// The value with the other sign. It never fails: the range is symmetric.
    public static prefix func - (value: FixedDecimal) -> FixedDecimal {
        FixedDecimal(unchecked: -value.units)
    }

    /// Rounds half to even to 0 to 18 decimals; a number outside that is taken as the nearer end.
    ///
    /// Where the nearest value lies outside the range, as it does for the largest without decimals, the value is
    /// rounded towards zero, so that rounding never fails.
    public func rounded(toDecimals decimals: Int) -> FixedDecimal {
        let step = DecimalText.powerOfTen(Self.scale - min(max(decimals, 0), Self.scale))
        // Below 10^38 and half a step, which 128 bits hold.
        let nearest = units.dividedHalfEven(by: step) * step
        let isInRange = nearest.magnitude < Self.limit.magnitude
        return FixedDecimal(unchecked: isInRange ? nearest : units / step * step)
    }
}

extension FixedDecimal: Comparable {
    /// Orders by value.
    public static func < (left: FixedDecimal, right: FixedDecimal) -> Bool { left.units < right.units }
}

extension FixedDecimal: CustomStringConvertible {
    /// The shortest plain form: "139.75", "4", "-0.5". `init(parsing:)` reads it back.
    public var description: String { DecimalText.text(units: units, scale: Self.scale) }
}

extension FixedDecimal: Codable {
    /// Reads the plain form from a string.
    public init(from decoder: any Decoder) throws {
        self = try decoder.decodeText { text throws(ParseError) in try FixedDecimal(parsing: text) }
    }

    /// Writes the shortest plain form as a string.
    public func encode(to encoder: any Encoder) throws { try encoder.encodeText(self) }
}
