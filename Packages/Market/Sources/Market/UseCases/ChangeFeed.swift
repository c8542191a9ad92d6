import DatabaseClient
import EventLog
import ExactTypes
import SharedTypes

/// What an operator changes in a feed; nil stays as it is.
struct FeedChange {
    let priority: Int?
    let isActive: Bool?
    /// From this day on it is read anew.
    let from: CalendarDay?
}

/// Changes a feed. `check` sees the revision that stands, under a lock, before anything is written.
func changeFeed(
    _ id: Feed.ID, to change: FeedChange, in context: OperationContext, check: (Int) throws -> Void
) async throws -> ListFeedsRow {
    guard let feed = try await context.transaction.lockFeed(feedID: id) else {
        throw MarketError.feedNotFound
    }
    try check(feed.revision)
    _ = try await context.transaction.updateFeed(
        priority: change.priority ?? feed.priority, active: change.isActive ?? feed.active,
        firstDay: change.from.map { min($0, feed.firstDay) } ?? feed.firstDay,
        nextDay: change.from.map { min($0, feed.nextDay) } ?? feed.nextDay, now: context.now, feedID: id)
    return try await findFeed(id, on: context.transaction)
}
