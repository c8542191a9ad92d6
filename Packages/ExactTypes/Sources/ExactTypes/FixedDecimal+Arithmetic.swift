extension FixedDecimal {
    /// The exact sum; throws `.overflow`.
    public static func + (left: FixedDecimal, right: FixedDecimal) throws(ArithmeticError) -> FixedDecimal {
        // Two magnitudes below 10^38 together can leave 128 bits, which end at 1.7 × 10^38.
        let (sum, isOverflow) = left.units.addingReportingOverflow(right.units)
        return try FixedDecimal(sum, isOverflow)
    }

    /// The exact difference; throws `.overflow`.
    public static func - (left: FixedDecimal, right: FixedDecimal) throws(ArithmeticError) -> FixedDecimal {
        let (difference, isOverflow) = left.units.subtractingReportingOverflow(right.units)
        return try FixedDecimal(difference, isOverflow)
    }

    /// Adds in place; on `.overflow` the left side keeps its value.
    public static func += (left: inout FixedDecimal, right: FixedDecimal) throws(ArithmeticError) {
        left = try left + right
    }

    /// Subtracts in place; on `.overflow` the left side keeps its value.
    public static func -= (left: inout FixedDecimal, right: FixedDecimal) throws(ArithmeticError) {
        left = try left - right
    }

    /// The product, rounded half to even; throws `.overflow`.
    public func multiplied(by factor: FixedDecimal) throws(ArithmeticError) -> FixedDecimal {
        try scaled(by: factor.units, over: Self.unitsPerOne)
    }

    /// The quotient, rounded half to even; throws `.divisionByZero` and `.overflow`.
    public func divided(by divisor: FixedDecimal) throws(ArithmeticError) -> FixedDecimal {
        guard !divisor.isZero else { throw .divisionByZero }
        return try scaled(by: Self.unitsPerOne, over: divisor.units)
    }

    /// `self × numerator ÷ denominator` with one rounding at the end, half to even; throws `.divisionByZero`
    /// and `.overflow`.
    ///
    /// This is how a part of a whole is taken: the cost of 3 of 7 shares is `cost.scaled(by: 3, over: 7)`.
    public func scaled(
        by numerator: FixedDecimal, over denominator: FixedDecimal
    ) throws(ArithmeticError) -> FixedDecimal {
        guard !denominator.isZero else { throw .divisionByZero }
        return try scaled(by: numerator.units, over: denominator.units)
    }

    /// The denominator is not zero.
    func scaled(by numerator: Int128, over denominator: Int128) throws(ArithmeticError) -> FixedDecimal {
        let isNegative = (isNegative != (numerator < 0)) != (denominator < 0)
        return try FixedDecimal(
            magnitude: units.magnitude.multipliedHalfEven(
                by: numerator.magnitude, over: denominator.magnitude),
            isNegative: isNegative)
    }

    /// A value by its sign and the magnitude of its units; nil stands for one that 128 bits do not hold.
    init(magnitude: UInt128?, isNegative: Bool) throws(ArithmeticError) {
        guard let magnitude, magnitude < Self.limit.magnitude else { throw .overflow }
        self.init(unchecked: isNegative ? -Int128(magnitude) : Int128(magnitude))
    }

    private init(_ units: Int128, _ isOverflow: Bool) throws(ArithmeticError) {
        guard !isOverflow, units > -Self.limit, units < Self.limit else { throw .overflow }
        self.init(unchecked: units)
    }
}

/// The exact product of two decimals, to be compared with another and never rounded: which of two lots costs more a
/// unit, whether a debt is above a part of what secures it.
public struct DecimalProduct: Sendable, Hashable {
    private let isNegative: Bool
    private let magnitude: WideProduct

    /// Multiplies. It never fails.
    public init(_ left: FixedDecimal, _ right: FixedDecimal) {
        magnitude = WideProduct(left.units.magnitude, right.units.magnitude)
        isNegative = left.isNegative != right.isNegative && !left.isZero && !right.isZero
    }
}

extension DecimalProduct: Comparable {
    /// Orders by value.
    public static func < (left: DecimalProduct, right: DecimalProduct) -> Bool {
        if left.isNegative != right.isNegative { return left.isNegative }
        return left.isNegative ? right.magnitude < left.magnitude : left.magnitude < right.magnitude
    }
}
