import DatabaseClient
import ExactTypes
import SharedTypes

/// Which transactions a list shows.
struct TransactionFilter: Sendable {
    let type: TransactionType?
    let instrumentID: Instrument.ID?
    let days: DayRange
}

/// Lists a portfolio's transactions before one of them, the latest first; throws `.notFound`.
func listTransactions(
    in portfolioID: Portfolio.ID, of userID: User.ID, matching filter: TransactionFilter,
    before position: ListPosition<Transaction>?, limit: Int, on database: any QueryExecutor
) async throws -> [TransactionRow] {
    // The lowest id at the first moment after the range: everything before that moment is in the page.
    let position = position ?? ListPosition(at: filter.days.end, id: .lowest)
    let rows = try await database.listTransactions(
        userID: userID, portfolioID: portfolioID, fromAt: filter.days.start, beforeAt: position.at,
        beforeID: position.id, type: filter.type, instrumentID: filter.instrumentID, rowLimit: limit)
    try await requirePortfolio(portfolioID, of: userID, ofEmpty: rows, on: database)
    return rows
}
