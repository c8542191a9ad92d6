import ExactTypes

extension FixedDecimal {
    /// Splits this amount in proportion to the weights, exactly: the parts add up to the whole.
    ///
    /// Throws `.divisionByZero` where all weights are zero, and `.overflow`.
    func apportioned(over weights: [FixedDecimal]) throws(ArithmeticError) -> [FixedDecimal] {
        var total = FixedDecimal.zero
        for weight in weights { total = try total + weight }
        var apportionment = Apportionment(of: self, over: total)
        var parts: [FixedDecimal] = []
        parts.reserveCapacity(weights.count)
        for weight in weights { parts.append(try apportionment.part(of: weight)) }
        return parts
    }
}

/// An amount that is given away part by part, in proportion to weights whose total is known.
///
/// Each part is the difference of two cumulative shares, each rounded once, half-even. So no part of a positive
/// amount is negative, none is further than one unit of the last decimal from its exact share, and the last
/// absorbs what is left.
struct Apportionment: Sendable, Hashable {
    private let whole: FixedDecimal
    private let total: FixedDecimal
    private var weighed = FixedDecimal.zero
    private var given = FixedDecimal.zero

    init(of whole: FixedDecimal, over total: FixedDecimal) {
        self.whole = whole
        self.total = total
    }

    /// The part of the next weight.
    mutating func part(of weight: FixedDecimal) throws(ArithmeticError) -> FixedDecimal {
        let weighed = try weighed + weight
        let share = try whole.scaled(by: weighed, over: total)
        let part = try share - given
        (self.weighed, given) = (weighed, share)
        return part
    }
}
