import ExactTypes
import Foundation
import SharedTypes

/// A transaction that is about to be posted: what the rules see of it, and what they need not see.
struct TransactionDraft: Sendable {
    /// A fee, in the transaction's currency.
    struct Fee: Sendable, Hashable {
        var kind: FeeKind
        var amount: FixedDecimal
    }

    /// What an import knows a transaction by. A portfolio takes the same one once.
    struct ExternalReference: Sendable, Hashable {
        var source: String
        var id: String
    }

    /// The transaction as the rules see it, its fees included.
    let entry: LedgerTransaction
    let fees: [Fee]
    /// Units of the portfolio's base currency for one of the transaction's, where it was stated.
    let fxRate: ExchangeRate?
    let split: SplitCounts?
    let note: String?
    let external: ExternalReference?
    /// Whether everybody sees the instrument, and not its user alone; nil without one.
    let isInstrumentShared: Bool?

    /// A split as it is stored: from so many shares to so many.
    struct SplitCounts: Sendable, Hashable {
        var from: Int
        var to: Int

        var ratio: LedgerTransaction.SplitRatio {
            get throws(ArithmeticError) {
                LedgerTransaction.SplitRatio(to: try Self.decimal(to), from: try Self.decimal(from))
            }
        }

        private static func decimal(_ count: Int) throws(ArithmeticError) -> FixedDecimal {
            guard Int32(exactly: count) != nil else { throw .overflow }
            return FixedDecimal(count)
        }
    }

    /// Fees are given here and not in the entry, which gets them from here; a split likewise.
    init(
        _ entry: LedgerTransaction, fees: [Fee] = [], fxRate: ExchangeRate? = nil, split: SplitCounts? = nil,
        note: String? = nil, external: ExternalReference? = nil, isInstrumentShared: Bool? = nil
    ) throws(ArithmeticError) {
        var entry = entry
        entry.fees = fees.map { Money(amount: $0.amount, currency: entry.currency) }
        entry.split = try split?.ratio
        self.entry = entry
        self.fees = fees
        self.fxRate = fxRate
        self.split = split
        self.note = note
        self.external = external
        self.isInstrumentShared = isInstrumentShared
    }
}
