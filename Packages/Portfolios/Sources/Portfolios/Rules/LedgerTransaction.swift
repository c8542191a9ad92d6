import ExactTypes
import Foundation
import SharedTypes

/// A transaction as the rules see it: what happened, when, and for how much.
///
/// Only completed transactions (and reversals) are given to the rules; a pending or failed one moves nothing.
struct LedgerTransaction: Sendable, Hashable {
    /// The ratio of a split: 2 for 1 is `to` 2, `from` 1; a reverse split of 1 for 10 is `to` 1, `from` 10.
    struct SplitRatio: Sendable, Hashable {
        var to: FixedDecimal
        var from: FixedDecimal

        /// Both splits together, exactly; throws `.overflow`.
        func followed(by next: SplitRatio) throws(ArithmeticError) -> SplitRatio {
            SplitRatio(to: try to.multiplied(by: next.to), from: try from.multiplied(by: next.from))
        }
    }

    /// A part of a lot that a sale names. A lot is named by the transaction that opened it.
    struct LotSelection: Sendable, Hashable {
        var lot: Transaction.ID
        var quantity: Quantity
    }

    var id: Transaction.ID
    var type: TransactionType
    var instrumentID: Instrument.ID?
    /// Units of the instrument that move; nil where money alone moves, and on a split.
    var quantity: Quantity?
    /// The price of one unit in `currency`; on a transfer in, the cost of one unit.
    var unitPrice: FixedDecimal?
    /// The whole amount in `currency` before fees; zero on a split. Never negative.
    var grossAmount: FixedDecimal
    var fees: [Money]
    var currency: Currency
    var executedAt: Date
    var split: SplitRatio?
    /// The transaction that this one takes back. A reversal is itself never reversed.
    var reverses: Transaction.ID?
    /// The lots that a sale closes, where the portfolio chooses them itself; empty elsewhere.
    var lots: [LotSelection]

    init(
        id: Transaction.ID, type: TransactionType, instrumentID: Instrument.ID? = nil,
        quantity: Quantity? = nil, unitPrice: FixedDecimal? = nil, grossAmount: FixedDecimal = .zero,
        fees: [Money] = [], currency: Currency, executedAt: Date, split: SplitRatio? = nil,
        reverses: Transaction.ID? = nil, lots: [LotSelection] = []
    ) {
        self.id = id
        self.type = type
        self.instrumentID = instrumentID
        self.quantity = quantity
        self.unitPrice = unitPrice
        self.grossAmount = grossAmount
        self.fees = fees
        self.currency = currency
        self.executedAt = executedAt
        self.split = split
        self.reverses = reverses
        self.lots = lots
    }

    /// The UTC calendar day on which it was executed.
    var day: CalendarDay { CalendarDay(utc: executedAt) }

    /// The moment from which it counts. A split counts from the start of its UTC day, because what is traded on
    /// that day is traded at the new ratio already.
    var effectiveAt: Date {
        type == .split ? day.start : executedAt
    }

    /// The one order in which transactions take effect: by moment; within a moment a split first, and what takes
    /// units out last, since many files know the day alone; then by id, so that the order of an input never
    /// matters.
    static func precedes(_ left: LedgerTransaction, _ right: LedgerTransaction) -> Bool {
        (left.effectiveAt, left.turn, left.id) < (right.effectiveAt, right.turn, right.id)
    }

    private var turn: Int {
        switch type {
        case .split: 0
        case .sell, .transferOut: 2
        default: 1
        }
    }

    /// The transactions that still count, in the order in which they take effect: a reversal and what it
    /// reverses leave together, as if neither had been.
    static func effective(_ transactions: some Sequence<LedgerTransaction>) -> [LedgerTransaction] {
        let all = Array(transactions)
        let reversed = Set(all.compactMap(\.reverses))
        return all.filter { $0.reverses == nil && !reversed.contains($0.id) }.sorted(by: precedes)
    }
}
