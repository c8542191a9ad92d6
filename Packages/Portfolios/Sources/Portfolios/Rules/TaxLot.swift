import ExactTypes
import Foundation
import SharedTypes

/// Units that came in together, and what is left of them and of their cost.
///
/// For every lot, `cost` is `remainingCost` plus the cost of its closures, exactly; the same holds for fees.
/// Under the average method both are restated together as the average moves.
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

    var day: CalendarDay { CalendarDay(utc: openedAt) }
    var isOpen: Bool { remaining.isPositive }
}

/// Cost that left a lot, and what came for it.
struct TaxLotClosure: Sendable, Hashable {
    /// What took the cost away.
    enum Kind: Sendable, Hashable {
        case sale
        /// Units that left at cost: proceeds equal cost, and nothing is gained.
        case transfer
        /// Capital that came back while the units stayed: the quantity is zero.
        case returnOfCapital
        /// A split left less than the smallest quantity of a lot; its cost is lost.
        case rounding
    }

    let lot: Transaction.ID
    let openedAt: Date
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

    init(
        _ kind: Kind, of lot: TaxLot, by transaction: LedgerTransaction, quantity: Quantity,
        proceeds: FixedDecimal, saleFees: FixedDecimal = .zero, cost: FixedDecimal, costFees: FixedDecimal
    ) throws(ArithmeticError) {
        self.lot = lot.openedBy
        openedAt = lot.openedAt
        closedBy = transaction.id
        closedAt = transaction.effectiveAt
        self.kind = kind
        self.quantity = quantity
        self.proceeds = proceeds
        self.saleFees = saleFees
        self.cost = cost
        self.costFees = costFees
        realizedGain = try proceeds - cost
        grossGain = kind == .transfer ? .zero : try realizedGain + saleFees + costFees
    }
}
