import DatabaseClient
import ExactTypes
import SharedTypes

/// Lists a portfolio's cash by currency; throws `.notFound`.
func listCashBalances(
    in portfolioID: Portfolio.ID, of userID: User.ID, on database: any QueryExecutor
) async throws -> [ListCashBalancesRow] {
    let rows = try await database.listCashBalances(userID: userID, portfolioID: portfolioID)
    try await requirePortfolio(portfolioID, of: userID, ofEmpty: rows, on: database)
    return rows
}
