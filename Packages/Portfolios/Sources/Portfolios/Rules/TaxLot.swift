import ExactTypes
import Foundation
import SharedTypes

/// Units that came in together, and what is left of them and of their cost, as they were last looked at;
/// ``CostBasis/standing(_:)`` says what they cost by now.
struct TaxLot: Sendable, Hashable {
    /// The transaction that opened the lot, which also names it: a replay cannot change it.
    let openedBy: Transaction.ID
    let openedAt: Date
    /// Units that came in; a split restates it, together with what remains, while the lot is open.
    var quantity: Quantity
    var remaining: Quantity
    /// The whole cost, fees of buying included. A unit price is derived from it and never multiplied back.
    var cost: FixedDecimal
    var remainingCost: FixedDecimal
    /// The part of the cost that is fees.
    var fees: FixedDecimal
    var remainingFees: FixedDecimal
    /// What a unit cost when the lot was opened, and what had come back on a unit by then; a split restates it. Sales
    /// and later returns of capital leave it, so that it orders lots by their cost and says which are repaid. 0 where
    /// the lot is repaid, nil by the average method.
    var unitBasis: FixedDecimal?
    /// Capital that had come back on each unit when the lot was last looked at.
    var capitalReturned = FixedDecimal.zero

    var day: CalendarDay { CalendarDay(utc: openedAt) }
    var isOpen: Bool { remaining.isPositive }
    /// Whether its cost has come back altogether. Lots that cost nothing are so from the beginning.
    var isRepaid: Bool { unitBasis?.isZero == true }

    /// The most that a figure can be.
    private static let most = (try? FixedDecimal(parsing: "99999999999999999999.999999999999999999")) ?? .zero

    /// Takes units out, and their part of the cost.
    mutating func remove(_ units: Quantity, _ part: CostBasis.Part) throws(ArithmeticError) {
        remaining = try remaining - units
        remainingCost = isOpen ? max(.zero, try remainingCost - part.cost) : .zero
        remainingFees = min(remainingCost, max(.zero, try remainingFees - part.fees))
    }

    /// The same by the average method. What stays is its share again once all is taken out.
    mutating func removeAverage(_ units: Quantity, _ part: CostBasis.Part) throws(ArithmeticError) {
        remaining = try remaining - units
        cost = try cost - remainingCost + part.cost
        fees = try fees - remainingFees + part.fees
        (remainingCost, remainingFees) = (.zero, .zero)
    }

    /// Sets what a unit costs where the lot is new, with the capital that has come back so far.
    mutating func setUnitBasis(at returned: FixedDecimal) {
        let unit = (try? cost.divided(by: quantity)) ?? Self.most
        unitBasis = unit.isZero ? .zero : (try? unit + returned) ?? Self.most
        capitalReturned = returned
    }
}

/// Cost that left a lot, and what came for it.
struct TaxLotClosure: Sendable, Hashable {
    /// What took the cost away.
    enum Kind: Sendable, Hashable {
        case sale
        /// Units that left at cost: proceeds equal cost, and nothing is gained.
        case transfer
        /// Capital that came back on all lots while the units stayed: the quantity is zero.
        case returnOfCapital
        /// A split left less than the smallest quantity of a lot; its cost is lost.
        case rounding
    }

    /// Nil where it is no lot's alone.
    let lot: Transaction.ID?
    let openedAt: Date?
    let closedBy: Transaction.ID
    let closedAt: Date
    let kind: Kind
    let quantity: Quantity
    /// What came in, less the fees of the sale.
    let proceeds: FixedDecimal
    /// Fees of the sale, already taken off the proceeds.
    let saleFees: FixedDecimal
    /// The cost that left, fees of buying included.
    let cost: FixedDecimal
    /// The part of the cost that is fees of buying.
    let costFees: FixedDecimal
    /// Proceeds less cost.
    let realizedGain: FixedDecimal
    /// The gain as if no fee had been paid; zero for a transfer.
    let grossGain: FixedDecimal

    /// - Parameter proceeds: Nil where as much comes in as the units had cost.
    init(
        _ kind: Kind, of lot: TaxLot?, by transaction: LedgerTransaction, quantity: Quantity,
        proceeds: FixedDecimal?, saleFees: FixedDecimal = .zero, _ part: CostBasis.Part
    ) throws(ArithmeticError) {
        self.lot = lot?.openedBy
        openedAt = lot?.openedAt
        closedBy = transaction.id
        closedAt = transaction.effectiveAt
        self.kind = kind
        self.quantity = quantity
        self.proceeds = proceeds ?? part.cost
        self.saleFees = saleFees
        cost = part.cost
        costFees = part.fees
        realizedGain = try self.proceeds - cost
        grossGain = kind == .transfer ? .zero : try realizedGain + saleFees + costFees
    }
}
