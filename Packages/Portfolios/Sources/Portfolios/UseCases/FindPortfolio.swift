import DatabaseClient
import ExactTypes
import SharedTypes

/// Finds a portfolio of the user; throws `.notFound`, also for another user's.
func findPortfolio(
    _ portfolioID: Portfolio.ID, of userID: User.ID, on database: any QueryExecutor
) async throws -> PortfolioRow {
    guard let portfolio = try await database.findPortfolio(userID: userID, portfolioID: portfolioID) else {
        throw PortfoliosError.notFound("portfolio")
    }
    return portfolio
}
