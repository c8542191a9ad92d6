import ExactTypes

/// What the open lots of a book cost together, and how the average method spreads it over them, in proportion to
/// what remains of each.
///
/// A lot is given its part when it is looked at. Sales take the oldest first, so the parts go out in the order of
/// opening, and a lot that is bought in between lets the spreading begin anew with what then lies in all of them.
struct AverageCost: Sendable {
    /// Whether a lot came in since the last spreading began.
    var isDue = false
    var isUnderWay: Bool { spreading != nil }

    private var cost = FixedDecimal.zero
    /// The part of the cost that is fees.
    private var fees = FixedDecimal.zero
    private var spreading: Spreading?

    /// Fees and the rest go apart, so that no lot has more fees than cost.
    private struct Spreading: Sendable {
        var fees: Apportionment
        var rest: Apportionment
        /// The first place in the book that has not been given its part.
        var next = 0
    }

    mutating func add(_ lot: TaxLot) throws(ArithmeticError) {
        let (cost, fees) = (try cost + lot.remainingCost, try fees + lot.remainingFees)
        (self.cost, self.fees) = (cost, fees)
    }

    mutating func remove(_ closures: [TaxLotClosure]) throws(ArithmeticError) {
        var (cost, fees) = (cost, fees)
        for closure in closures {
            cost = try cost - closure.cost
            fees = try fees - closure.costFees
        }
        (self.cost, self.fees) = (cost, fees)
    }

    /// Begins to spread where a lot came in.
    mutating func begin(over quantity: Quantity) throws(ArithmeticError) {
        guard isDue else { return }
        spreading = Spreading(
            fees: Apportionment(of: fees, over: quantity),
            rest: Apportionment(of: try cost - fees, over: quantity))
        isDue = false
    }

    /// Gives the next open lot its part, where it does not have it yet.
    mutating func spread(over place: Int, in lots: inout [TaxLot]) throws(ArithmeticError) {
        guard var spreading, place >= spreading.next else { return }
        var lot = lots[place]
        let fees = try spreading.fees.part(of: lot.remaining)
        let cost = try spreading.rest.part(of: lot.remaining) + fees
        lot.cost = try lot.cost - lot.remainingCost + cost
        lot.fees = try lot.fees - lot.remainingFees + fees
        (lot.remainingCost, lot.remainingFees) = (cost, fees)
        spreading.next = place + 1
        self.spreading = spreading
        lots[place] = lot
    }

    /// Every open lot has its part.
    mutating func end() { spreading = nil }
}
