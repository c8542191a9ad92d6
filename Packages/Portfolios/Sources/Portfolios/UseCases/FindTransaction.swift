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
    // All in one flight.
    async let row = database.findTransaction(
        userID: userID, portfolioID: portfolioID, transactionID: transactionID)
    async let fees = database.listFees(userID: userID, transactionIDs: [transactionID])
    async let lots = database.listLotSelections(
        userID: userID, portfolioID: portfolioID, transactionIDs: [transactionID])
    async let postings = database.listPostings(
        userID: userID, portfolioID: portfolioID, transactionIDs: [transactionID])
    guard let row = try await row else { throw PortfoliosError.notFound("transaction") }
    return TransactionDetail(
        transaction: row, fees: try await fees, lots: try await lots, postings: try await postings)
}
