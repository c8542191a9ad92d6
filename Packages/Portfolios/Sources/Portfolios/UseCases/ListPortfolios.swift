import DatabaseClient
import ExactTypes
import SharedTypes

/// Lists a page of the user's portfolios after one of them, the oldest first.
func listPortfolios(
    of userID: User.ID, after id: Portfolio.ID?, limit: Int, includingArchived: Bool,
    on database: any QueryExecutor
) async throws -> ListPage<PortfolioRow> {
    ListPage(
        try await database.listPortfolios(
            userID: userID, afterID: id ?? .lowest, includeArchived: includingArchived, rowLimit: limit + 1),
        limit: limit)
}
