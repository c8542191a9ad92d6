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

/// Throws `.notFound` where a list of what a portfolio has is empty because there is no such portfolio. A list that is not
/// says by itself that there is one, and takes one flight.
func requirePortfolio(
    _ portfolioID: Portfolio.ID, of userID: User.ID, ofEmpty rows: some Collection,
    on database: any QueryExecutor
) async throws {
    if rows.isEmpty { _ = try await findPortfolio(portfolioID, of: userID, on: database) }
}
