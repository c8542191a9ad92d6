import DatabaseClient
import EventLog
import ExactTypes
import Foundation
import SharedTypes

/// Moves a feed in the transaction that stores what was read of it. Throws `.feedMoved` where it stands elsewhere than the
/// reader believes: then another one was there, and nothing of this is stored.
func moveFeed(_ feed: FeedRow, by move: FeedMove, in context: OperationContext) async throws {
    let count = try await context.transaction.moveFeed(
        nextDay: move.to.nextDay, windowEnd: move.to.windowEnd, pageToken: move.to.token,
        rowsRead: move.rowsRead, rowsRefused: move.rowsRefused,
        until: context.now.addingTimeInterval(FeedSchedule.lease), now: context.now, feedID: feed.id,
        knownNextDay: move.from.nextDay, knownPageToken: move.from.token, knownWindowEnd: move.from.windowEnd)
    guard count == 1 else { throw MarketError.feedMoved }
}
