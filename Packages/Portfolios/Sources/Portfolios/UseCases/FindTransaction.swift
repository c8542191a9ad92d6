import DatabaseClient
import ExactTypes
import SharedTypes

/// A transaction with all that belongs to it.
struct TransactionDetail: Sendable {
    let transaction: TransactionRow
    let fees: [ListFeesRow]
    let lots: [ListLotSelectionsRow]
    let postings: [ListPostingsRow]
}

/// Finds a transaction of a portfolio with its fees, chosen lots and postings; throws `.notFound`.
func findTransaction(
    _ transactionID: Transaction.ID, in portfolioID: Portfolio.ID, of userID: User.ID,
    on database: any QueryExecutor
) async throws -> TransactionDetail {
    let row = try await database.findTransaction(
        userID: userID, portfolioID: portfolioID, transactionID: transactionID)
    guard let row else { throw PortfoliosError.notFound("transaction") }
    return TransactionDetail(
        transaction: row,
        fees: try await database.listFees(userID: userID, transactionIDs: [transactionID]),
        lots: try await database.listLotSelections(
            userID: userID, portfolioID: portfolioID, transactionIDs: [transactionID]),
        postings: try await database.listPostings(
            userID: userID, portfolioID: portfolioID, transactionIDs: [transactionID]))
}
