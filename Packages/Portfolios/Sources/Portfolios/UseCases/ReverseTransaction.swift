import DatabaseClient
import EventLog
import ExactTypes
import Foundation
import SharedTypes

/// Takes a transaction back: it stays in the books as reversed, and another moves back what it moved.
///
/// Throws `.alreadyReversed`, `.isReversal`, and what ``Ledger/record(_:)`` throws.
func reverseTransaction(
    _ transactionID: Transaction.ID, in portfolioID: Portfolio.ID, note: String?, events: EventLog,
    in context: OperationContext
) async throws -> TransactionDetail {
    let ledger = try await Ledger.open(portfolioID, events: events, in: context)
    let reversal = try await ledger.reversal(of: transactionID, note: note)
    return try await ledger.record(LedgerChange(reversals: [reversal])).detail(of: reversal)
}

extension Ledger {
    /// What takes a transaction back, where it can be taken back.
    func reversal(of transactionID: Transaction.ID, note: String?) async throws -> LedgerChange.Reversal {
        let original = try await transaction.findTransaction(
            userID: userID, portfolioID: portfolio.id, transactionID: transactionID)
        guard let original else { throw PortfoliosError.notFound("transaction") }
        guard original.reverses == nil else { throw PortfoliosError.isReversal }
        guard original.status == .completed else { throw PortfoliosError.alreadyReversed }
        return LedgerChange.Reversal(id: .version7(at: now), original: original, note: note)
    }
}
