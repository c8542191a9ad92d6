import DatabaseClient
import EventLog
import ExactTypes
import Foundation
import PortfoliosContract
import SharedTypes

/// Replaces a transaction by another: the reversal and the new transaction together, or neither.
func correctTransaction(
    _ transactionID: Transaction.ID, by new: PortfoliosAPI.NewTransaction, in portfolioID: Portfolio.ID,
    events: EventLog, in context: OperationContext
) async throws -> (reversal: TransactionDetail, transaction: TransactionDetail) {
    let ledger = try await Ledger.open(portfolioID, events: events, in: context)
    let reversal = try await ledger.reversal(of: transactionID, note: nil)
    let draft = try await ledger.draft(new)
    let recorded = try await ledger.record(LedgerChange(posts: [draft], reversals: [reversal]))
    return (recorded.detail(of: reversal), recorded.detail(of: draft))
}
