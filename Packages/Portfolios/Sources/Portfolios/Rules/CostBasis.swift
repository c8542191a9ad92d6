import ExactTypes
import SharedTypes

/// What the units of a holding cost together.
///
/// It is known without a look at the lots, so that a purchase adds to it and nothing else. Capital that comes back is
/// one figure for each unit, and lowers a lot when that is next looked at. By the average method what a lot costs is
/// its share of the whole.
///
/// Shares and returned capital are rounded for each lot, so that lots together may differ from the whole in the last
/// decimals. No closure takes more than there is, and the last takes everything: nothing is lost.
struct CostBasis: Sendable, Hashable {
    /// Units held.
    var quantity = Quantity.zero
    var cost = FixedDecimal.zero
    /// The part of the cost that is fees. Never more than the cost.
    var fees = FixedDecimal.zero
    /// Capital that came back on each unit since the last split.
    var capitalReturned = FixedDecimal.zero
    /// Units of lots whose cost has come back altogether: what comes back on them is gain.
    var repaid = Quantity.zero

    /// What leaves of the cost, and the part of it that is fees.
    struct Part: Sendable, Hashable {
        var cost: FixedDecimal
        var fees: FixedDecimal

        static let none = Part(cost: .zero, fees: .zero)
    }

    mutating func add(_ lot: TaxLot) throws(ArithmeticError) {
        var next = self
        try next.quantity += lot.remaining
        try next.cost += lot.remainingCost
        try next.fees += lot.remainingFees
        if lot.isRepaid { try next.repaid += lot.remaining }
        self = next
    }

    /// Takes units of a lot out, and the part of the cost that leaves with them.
    mutating func remove(
        _ units: Quantity, of lot: TaxLot, _ part: Part
    ) throws(ArithmeticError) {
        try quantity -= units
        try cost -= part.cost
        try fees -= part.fees
        if lot.isRepaid { try repaid -= units }
    }

    /// What a closure of some units of a lot takes, the lot as it stands: the same part of what is left of its cost.
    func part(of lot: TaxLot, _ units: Quantity) throws(ArithmeticError) -> Part {
        let asked = Part(
            cost: try lot.remainingCost.scaled(by: units, over: lot.remaining),
            fees: try lot.remainingFees.scaled(by: units, over: lot.remaining))
        return try granted(asked, isLast: units == quantity)
    }

    /// What a closure takes, which asks for a part: no more than there is, and everything where no unit is left.
    func granted(_ asked: Part, isLast: Bool) throws(ArithmeticError) -> Part {
        guard !isLast else { return Part(cost: cost, fees: fees) }
        let cost = min(asked.cost, self.cost)
        // What stays has no more fees than cost.
        let least = try fees - (try self.cost - cost)
        return Part(cost: cost, fees: max(least, min(asked.fees, min(fees, cost))))
    }
}

// MARK: - What a lot costs as it now stands

extension CostBasis {
    /// A lot with the capital that came back since it was last looked at taken off its cost.
    func lowered(_ lot: TaxLot) throws(ArithmeticError) -> TaxLot {
        var lot = lot
        if lot.isOpen, !lot.isRepaid {
            let units = lot.remaining
            let returned = try units.multiplied(by: try capitalReturned - lot.capitalReturned)
            lot.remainingCost = max(.zero, try lot.remainingCost - returned)
            lot.remainingFees = min(lot.remainingFees, lot.remainingCost)
        }
        lot.capitalReturned = capitalReturned
        return lot
    }

    /// A lot with its share of the whole, as the average method has it. What its closures took is part of its cost.
    func averaged(_ lot: TaxLot) throws(ArithmeticError) -> TaxLot {
        var lot = lot
        let share =
            lot.isOpen
            ? Part(
                cost: try cost.scaled(by: lot.remaining, over: quantity),
                fees: try fees.scaled(by: lot.remaining, over: quantity))
            : .none
        lot.cost = try lot.cost - lot.remainingCost + share.cost
        lot.fees = try lot.fees - lot.remainingFees + share.fees
        (lot.remainingCost, lot.remainingFees) = (share.cost, share.fees)
        return lot
    }

    func standing(_ lot: TaxLot) throws(ArithmeticError) -> TaxLot {
        lot.unitBasis == nil ? try averaged(lot) : try lowered(lot)
    }
}

// MARK: - Returned capital

extension CostBasis {
    /// What has come back on each unit once this much has.
    func capitalReturned(after amount: FixedDecimal) throws(ArithmeticError) -> FixedDecimal {
        try capitalReturned + (try amount.divided(by: quantity))
    }

    /// Lowers the cost by capital that comes back on each unit alike; what goes beyond the cost of its lot is gain.
    ///
    /// - Parameters:
    ///   - lots: Those whose cost comes back altogether with it, as they stood before.
    /// - Returns: What left the cost.
    mutating func lower(by amount: FixedDecimal, repaying lots: [TaxLot]) throws(ArithmeticError) -> Part {
        var (repaid, asked) = (repaid, Part.none)
        for lot in lots {
            try repaid += lot.remaining
            try asked.cost += lot.remainingCost
            try asked.fees += lot.remainingFees
        }
        let beyond = repaid == quantity ? amount : try amount.scaled(by: repaid, over: quantity)
        let most = min(amount, cost)
        let lowered =
            repaid == quantity ? most : min(most, max(.zero, try amount - beyond + asked.cost))
        let part = try granted(Part(cost: lowered, fees: asked.fees), isLast: false)
        let returned = try capitalReturned(after: amount)
        try cost -= part.cost
        try fees -= part.fees
        (capitalReturned, self.repaid) = (returned, repaid)
        return part
    }

    /// By the average method the whole is lowered, down to 0.
    mutating func lowerAverage(by amount: FixedDecimal) throws(ArithmeticError) -> Part {
        let part = try granted(Part(cost: min(amount, cost), fees: .zero), isLast: false)
        try cost -= part.cost
        try fees -= part.fees
        return part
    }
}

/// What units take with them by the average method: their share of the whole, given away lot by lot.
struct AverageShares: Sendable {
    private var fees: Apportionment
    private var rest: Apportionment

    init(of units: Quantity, from basis: CostBasis) throws(ArithmeticError) {
        let fees = try basis.fees.scaled(by: units, over: basis.quantity)
        let cost = try basis.cost.scaled(by: units, over: basis.quantity)
        // Fees and the rest go apart, so that no lot has more fees than cost.
        self.fees = Apportionment(of: fees, over: units)
        rest = Apportionment(of: try cost - fees, over: units)
    }

    mutating func part(of units: Quantity) throws(ArithmeticError) -> CostBasis.Part {
        let fees = try fees.part(of: units)
        return CostBasis.Part(cost: try rest.part(of: units) + fees, fees: fees)
    }
}
