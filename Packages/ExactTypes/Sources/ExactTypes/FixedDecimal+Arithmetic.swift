extension FixedDecimal {
    /// The exact sum; throws `.overflow`.
    public static func + (left: FixedDecimal, right: FixedDecimal) throws(ArithmeticError) -> FixedDecimal {
        // Two magnitudes below 10^18 cannot overflow 64 bits, so one check of the range is enough.
        try FixedDecimal(units: left.units + right.units)
    }

    /// The exact difference; throws `.overflow`.
    public static func - (left: FixedDecimal, right: FixedDecimal) throws(ArithmeticError) -> FixedDecimal {
        try FixedDecimal(units: left.units - right.units)
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
        try scaled(by: factor, over: FixedDecimal(1))
    }

    /// The quotient, rounded half to even; throws `.divisionByZero` and `.overflow`.
    public func divided(by divisor: FixedDecimal) throws(ArithmeticError) -> FixedDecimal {
        try scaled(by: FixedDecimal(1), over: divisor)
    }

    /// `self × numerator ÷ denominator` with one rounding at the end, half to even; throws `.divisionByZero`
    /// and `.overflow`.
    ///
    /// This is how a part of a whole is taken: the cost of 3 of 7 shares is `cost.scaled(by: 3, over: 7)`.
    public func scaled(
        by numerator: FixedDecimal, over denominator: FixedDecimal
    ) throws(ArithmeticError) -> FixedDecimal {
        guard !denominator.isZero else { throw .divisionByZero }
        // The product is below 10^36, which Int128 holds exactly.
        let product = Int128(units) * Int128(numerator.units)
        return try FixedDecimal(units: product.dividedHalfEven(by: Int128(denominator.units)))
    }
}
