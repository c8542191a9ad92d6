import Foundation

/// An exact decimal with eight decimals, PostgreSQL's `numeric(18,8)`: what money and quantities are made of.
///
/// The magnitude is below 10^10. Arithmetic that would leave this range throws, and arithmetic that needs more
/// decimals rounds half to even, once. In JSON it is a string, so that no reader turns it into a binary float.
public struct FixedDecimal: Sendable, Hashable {
    /// The number of decimals.
    public static let scale = 8

    /// Zero.
    public static let zero = FixedDecimal(0)

    static let unitsPerOne: Int64 = 100_000_000
    private static let limit: Int64 = 1_000_000_000_000_000_000

    /// The value times 10^8; its magnitude is below 10^18 always.
    public let units: Int64

    /// The value `units × 10^-8`; throws `.overflow` where the magnitude of the units is not below 10^18.
    public init(units: some BinaryInteger) throws(ArithmeticError) {
        guard let units = Int64(exactly: units), units > -Self.limit, units < Self.limit else {
            throw .overflow
        }
        self.units = units
    }

    /// A whole number. It never fails: every Int32 lies well within the range.
    public init(_ integer: Int32) {
        units = Int64(integer) * Self.unitsPerOne
    }

    /// Reads a plain decimal such as "-12.5": no exponent, no plus, no spaces.
    ///
    /// More than 8 decimals or 10 integer digits are an error and never rounded, so that a text and the value
    /// that was read from it are equal.
    public init(parsing text: some StringProtocol) throws(ParseError) {
        units = Int64(try DecimalText.units(text, scale: Self.scale, integerDigits: 10))
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

    private init(unchecked units: Int64) { self.units = units }
}

extension FixedDecimal {
    /// Whether the value is exactly zero.
    public var isZero: Bool { units == 0 }

    /// Whether the value is below zero.
    public var isNegative: Bool { units < 0 }

    /// Whether the value is above zero.
    public var isPositive: Bool { units > 0 }

    /// The value without its sign.
    public var magnitude: FixedDecimal { FixedDecimal(unchecked: abs(units)) }

    /// The value with the other sign. It never fails: the range is symmetric.
    public static prefix func - (value: FixedDecimal) -> FixedDecimal {
        FixedDecimal(unchecked: -value.units)
    }

    /// Rounds half to even to 0 to 8 decimals; a number outside that is taken as the nearer end.
    ///
    /// Where the nearest value lies outside the range, as it does for 9999999999.9 without decimals, the
    /// value is rounded towards zero, so that rounding never fails.
    public func rounded(toDecimals decimals: Int) -> FixedDecimal {
        let step = DecimalText.powerOfTen(Self.scale - min(max(decimals, 0), Self.scale))
        let nearest = Int128(units).dividedHalfEven(by: step) * step
        let isInRange = nearest.magnitude < Self.limit.magnitude
        return FixedDecimal(unchecked: Int64(isInRange ? nearest : Int128(units) / step * step))
    }
}

extension FixedDecimal: Comparable {
    /// Orders by value.
    public static func < (left: FixedDecimal, right: FixedDecimal) -> Bool { left.units < right.units }
}

extension FixedDecimal: CustomStringConvertible {
    /// The shortest plain form: "139.75", "4", "-0.5". `init(parsing:)` reads it back.
    public var description: String { DecimalText.text(units: Int128(units), scale: Self.scale) }
}

extension FixedDecimal: Codable {
    /// Reads the plain form from a string.
    public init(from decoder: any Decoder) throws {
        self = try decoder.decodeText { text throws(ParseError) in try FixedDecimal(parsing: text) }
    }

    /// Writes the shortest plain form as a string.
    public func encode(to encoder: any Encoder) throws { try encoder.encodeText(self) }
}
