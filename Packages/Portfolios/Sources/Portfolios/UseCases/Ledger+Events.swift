import EventLog
import ExactTypes
import SharedTypes

extension Ledger {
    /// Tells the other contexts what is recorded: what was taken back, and then what was posted.
    func appendEvents(for change: LedgerChange) async throws {
        try await events.append(
            change.reversals.map { reversal in
                TransactionReversed(
                    transactionID: reversal.original.id, reversedBy: reversal.id, portfolioID: portfolio.id,
                    kind: reversal.original.type, reversedAt: now)
            }, in: context)
        try await events.append(
            change.posts.map { draft in
                TransactionPosted(
                    transactionID: draft.entry.id, portfolioID: portfolio.id, kind: draft.entry.type,
                    instrumentID: draft.entry.instrumentID, isInstrumentShared: draft.isInstrumentShared,
                    quantity: draft.entry.quantity, grossAmount: draft.entry.grossAmount,
                    currency: draft.entry.currency, executedAt: draft.entry.executedAt)
            }, in: context)
    }
}
