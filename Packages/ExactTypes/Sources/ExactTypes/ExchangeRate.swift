/// How many units of one currency are paid for one unit of another: PostgreSQL's `numeric(24,12)`, above zero.
///
/// The rate does not carry its two currencies: the row that it comes from does.
public struct ExchangeRate: Sendable, Hashable {
    /// The number of decimals.
    public static let scale = 12

    /// The rate between a currency and itself.
    public static let one = ExchangeRate(unchecked: Int128(unitsPerOne))

    private static let unitsPerOne: UInt128 = 1_000_000_000_000
    private static let limit: Int128 = 1_000_000_000_000_000_000_000_000

    /// The rate times 10^12; above 0 and below 10^24 always.
    public var units: Int128 { words.value }

    private let words: Int128Words

    /// The rate `units × 10^-12`; throws `.overflow` where the units are not above 0 and below 10^24.
    public init(units: Int128) throws(ArithmeticError) {
        guard units > 0, units < Self.limit else { throw .overflow }
        words = Int128Words(units)
    }

    /// Reads a plain decimal above zero, with at most 12 decimals and 12 integer digits: "0.9215".
    public init(parsing text: some StringProtocol) throws(ParseError) {
        words = Int128Words(try DecimalText.units(String(text), scale: Self.scale, integerDigits: 12))
        guard units > 0 else { throw ParseError(reason: "is not above zero") }
    }

    private init(unchecked units: Int128) { words = Int128Words(units) }

    /// The rate of the opposite direction, rounded half to even; throws `.overflow` for 10^-12, whose inverse
    /// is the first number too large.
    public func inverse() throws(ArithmeticError) -> ExchangeRate {
        try ExchangeRate(units: Self.limit.dividedHalfEven(by: units))
    }

    /// The rate over a currency in between, EUR to USD and then USD to JPY, rounded half to even; throws
    /// `.overflow` where it is too large, or so small that it rounds to zero.
    public func chained(with next: ExchangeRate) throws(ArithmeticError) -> ExchangeRate {
        let product = units.magnitude.multipliedHalfEven(by: next.units.magnitude, over: Self.unitsPerOne)
        guard let product, let units = Int128(exactly: product) else { throw .overflow }
        return try ExchangeRate(units: units)
    }

    /// The amount in the other currency, rounded half to even to 18 decimals; throws `.overflow`.
    public func convert(_ amount: FixedDecimal) throws(ArithmeticError) -> FixedDecimal {
        try amount.scaled(by: units, over: Int128(Self.unitsPerOne))
    }

    /// What so many units at a price are worth in the other currency, rounded half to even once; throws
    /// `.overflow`.
    public func convert(
        _ quantity: FixedDecimal, at price: FixedDecimal
    ) throws(ArithmeticError) -> FixedDecimal {
        let divisor = FixedDecimal.unitsPerOne.magnitude * Self.unitsPerOne
        return try FixedDecimal(
            magnitude: WideProduct(quantity.units.magnitude, price.units.magnitude)
                .multipliedHalfEven(by: units.magnitude, over: divisor),
            isNegative: quantity.isNegative != price.isNegative)
    }
}

extension ExchangeRate: Comparable {
    /// Orders by value.
    public static func < (left: ExchangeRate, right: ExchangeRate) -> Bool { left.units < right.units }
}

extension ExchangeRate: CustomStringConvertible {
    /// The shortest plain form: "0.9215". `init(parsing:)` reads it back.
    public var description: String { DecimalText.text(units: units, scale: Self.scale) }
}

extension ExchangeRate: Codable {
    /// Reads the plain form from a string.
    public init(from decoder: any Decoder) throws {
        self = try decoder.decodeText { text throws(ParseError) in try ExchangeRate(parsing: text) }
    }

    /// Writes the shortest plain form as a string.
    public func encode(to encoder: any Encoder) throws { try encoder.encodeText(self) }
}
