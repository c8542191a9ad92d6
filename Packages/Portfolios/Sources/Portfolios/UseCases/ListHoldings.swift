import DatabaseClient
import ExactTypes
import SharedTypes

/// Lists what a portfolio holds, after an instrument; throws `.notFound`.
func listHoldings(
    in portfolioID: Portfolio.ID, of userID: User.ID, after instrumentID: Instrument.ID?, limit: Int,
    includingClosed: Bool, on database: any QueryExecutor
) async throws -> [ListHoldingsRow] {
    let rows = try await database.listHoldings(
        userID: userID, portfolioID: portfolioID, afterID: instrumentID ?? .lowest,
        includeClosed: includingClosed, rowLimit: limit)
    try await requirePortfolio(portfolioID, of: userID, ofEmpty: rows, on: database)
    return rows
}
