import ExactTypes
import SharedTypes

/// Why a transaction cannot stand in the ledger: which one, on which day, and what is wrong with it.
struct LedgerFault: Error, Sendable, Hashable {
    /// What is wrong.
    enum Cause: Sendable, Hashable {
        /// A field is missing or cannot have this value; the reason is a sentence fragment.
        case field(String, String)
        /// More units would leave than the portfolio holds at that moment.
        case insufficientQuantity(held: Quantity, asked: Quantity)
        /// More cash would leave than the portfolio holds at that moment.
        case insufficientCash(currency: Currency, shortage: FixedDecimal)
        /// The instrument is held in another currency; its cost basis has one.
        case otherCurrency(held: Currency, found: Currency)
        /// Capital was returned on an instrument of which nothing is held.
        case nothingHeld
        /// The named lots do not fit the sale; the reason is a sentence fragment.
        case lotSelection(String)
        /// Splits and returns of capital would change open lots too often; see `LotBook.maximumRestatements`.
        case tooManyRestatements
        /// A figure left the range of the ledger (twenty digits before the point).
        case arithmetic(ArithmeticError)
    }

    let transactionID: Transaction.ID
    let day: CalendarDay
    let cause: Cause

    init(_ transaction: LedgerTransaction, _ cause: Cause) {
        transactionID = transaction.id
        day = transaction.day
        self.cause = cause
    }

    /// The field of the transaction to blame, as the HTTP interface and the import formats call it.
    var field: String {
        switch cause {
        case .field(let name, _): name
        case .insufficientQuantity, .arithmetic: "quantity"
        case .insufficientCash: "amount"
        case .otherCurrency: "currency"
        case .nothingHeld: "instrument_id"
        case .lotSelection: "lots"
        case .tooManyRestatements: "type"
        }
    }

    /// A sentence fragment that follows the name of the field.
    var reason: String {
        switch cause {
        case .field(_, let reason): reason
        case .insufficientQuantity(let held, let asked):
            "is \(asked) on \(day), but only \(held) is held: \(shortage ?? asked) too many"
        case .insufficientCash(let currency, let shortage):
            "needs \(shortage) \(currency) more in cash than there is on \(day)"
        case .otherCurrency(let held, let found):
            "is \(found.code), but this instrument is held in \(held.code) in this portfolio"
        case .nothingHeld: "names an instrument of which nothing is held on \(day)"
        case .lotSelection(let reason): reason
        case .tooManyRestatements:
            "would have splits and returns of capital change open lots more than "
                + "\(LotBook.maximumRestatements) times in this portfolio"
        case .arithmetic: "leads to a figure beyond twenty digits before the point"
        }
    }

    /// How much is missing, where something is.
    var shortage: FixedDecimal? {
        switch cause {
        case .insufficientQuantity(let held, let asked): try? asked - held
        case .insufficientCash(_, let shortage): shortage
        default: nil
        }
    }
}

extension LedgerTransaction {
    /// Runs a calculation and attributes an arithmetic error to this transaction.
    func checked<Value>(_ calculate: () throws(ArithmeticError) -> Value) throws(LedgerFault) -> Value {
        do {
            return try calculate()
        } catch {
            throw LedgerFault(self, .arithmetic(error))
        }
    }
}
