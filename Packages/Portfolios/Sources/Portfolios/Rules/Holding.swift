import ExactTypes

/// What a portfolio holds of one instrument, and what it gained with what it no longer holds; in the
/// instrument's currency.
struct Holding: Sendable, Hashable {
    let quantity: Quantity
    /// What the units still held cost, fees of buying included.
    let cost: FixedDecimal
    /// The part of the cost that is fees.
    let fees: FixedDecimal
    /// The cost without fees.
    let investment: FixedDecimal
    /// Investment for one unit, half-even; zero where nothing is held.
    let averagePrice: FixedDecimal
    /// Cost for one unit, half-even; zero where nothing is held.
    let averageCost: FixedDecimal
    /// Gain of what was sold, after all fees.
    let realizedGain: FixedDecimal
    /// Gain of what was sold, as if no fee had been paid.
    let grossRealizedGain: FixedDecimal

    /// Adds the book up; throws `.overflow` where a total leaves twenty digits before the point.
    init(_ book: LotBook) throws(ArithmeticError) {
        (quantity, cost, fees) = (book.basis.quantity, book.basis.cost, book.basis.fees)
        investment = try cost - fees
        averagePrice = quantity.isZero ? .zero : try investment.divided(by: quantity)
        averageCost = quantity.isZero ? .zero : try cost.divided(by: quantity)
        var (net, gross) = (FixedDecimal.zero, FixedDecimal.zero)
        for closure in book.closures {
            net = try net + closure.realizedGain
            gross = try gross + closure.grossGain
        }
        realizedGain = net
        grossRealizedGain = gross
    }
}
