import DatabaseClient
import ExactTypes
import SharedTypes

/// Lists the feeds, at most `limit` after one of them, of one provider if asked for.
func listFeeds(
    of provider: String?, after id: Feed.ID, limit: Int, on database: any QueryExecutor
) async throws -> [ListFeedsRow] {
    try await database.listFeeds(afterID: id, feedID: nil, provider: provider, rowLimit: limit)
}

/// A feed as the list shows it; throws `.feedNotFound`.
func findFeed(_ id: Feed.ID, on database: any QueryExecutor) async throws -> ListFeedsRow {
    let rows = try await database.listFeeds(afterID: .lowest, feedID: id, provider: nil, rowLimit: 1)
    guard let row = rows.first else { throw MarketError.feedNotFound }
    return row
}
