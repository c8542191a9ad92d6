import DatabaseClient
import ExactTypes
import SharedTypes

/// Lists a portfolio's cash by currency; throws `.notFound`.
func listCashBalances(
    in portfolioID: Portfolio.ID, of userID: User.ID, on database: any QueryExecutor
) async throws -> [ListCashBalancesRow] {
    _ = try await findPortfolio(portfolioID, of: userID, on: database)
    return try await database.listCashBalances(userID: userID, portfolioID: portfolioID)
}
