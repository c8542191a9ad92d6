import DatabaseClient
import ExactTypes
import SharedTypes

/// Lists the user's portfolios after one of them, the oldest first.
func listPortfolios(
    of userID: User.ID, after id: Portfolio.ID?, limit: Int, includingArchived: Bool,
    on database: any QueryExecutor
) async throws -> [PortfolioRow] {
    try await database.listPortfolios(
        userID: userID, afterID: id ?? .lowest, includeArchived: includingArchived, rowLimit: limit)
}
