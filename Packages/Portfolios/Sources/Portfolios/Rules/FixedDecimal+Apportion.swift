import SharedTypes

extension FixedDecimal {
    /// Splits this amount in proportion to the weights, exactly: the parts add up to the whole.
    ///
    /// Each part is the difference of two cumulative shares, each rounded once, half-even. So no part of a
    /// positive amount is negative, none is further than one unit of the eighth decimal from its exact share,
    /// and the last absorbs what is left. Throws `.divisionByZero` where all weights are zero, and `.overflow`.
    func apportioned(over weights: [FixedDecimal]) throws(ArithmeticError) -> [FixedDecimal] {
        var whole = FixedDecimal.zero
        for weight in weights { whole = try whole + weight }
        var parts: [FixedDecimal] = []
        parts.reserveCapacity(weights.count)
        var (weighed, given) = (FixedDecimal.zero, FixedDecimal.zero)
        for weight in weights {
            weighed = try weighed + weight
            let share = try scaled(by: weighed, over: whole)
            parts.append(try share - given)
            given = share
        }
        return parts
    }
}
