import DatabaseClient
import ExactTypes
import SharedTypes

/// Lists the days that are missing of a feed, at most `limit` after a day. Throws `.feedNotFound`.
func listMissingDays(
    of id: Feed.ID, after day: CalendarDay, limit: Int, on database: any QueryExecutor
) async throws -> [ListFeedGapsRow] {
    // Both in one flight.
    async let gaps = database.listFeedGaps(feedID: id, afterDay: day, rowLimit: limit)
    guard try await database.findFeed(feedID: id) != nil else { throw MarketError.feedNotFound }
    return try await gaps
}
