import DatabaseClient
import EventLog
import ExactTypes
import Foundation
import SharedTypes

/// Notes days that a feed should have and has not.
func noteGaps(_ days: [CalendarDay], of feed: FeedRow, in context: OperationContext) async throws {
    guard !days.isEmpty else { return }
    try await context.transaction.insertFeedGaps(
        feedID: feed.id,
        attemptAt: context.now.addingTimeInterval(FeedSchedule.gapPause(afterAttempts: 1)), now: context.now,
        days: days)
}

/// Takes days off the list that are filled, and sets when the provider is asked for the others again.
func settleGaps(
    _ gaps: [ListDueFeedGapsRow], filled: Set<CalendarDay>, of feed: FeedRow, in context: OperationContext
) async throws {
    _ = try await context.transaction.deleteFeedGaps(
        feedID: feed.id, days: gaps.map(\.day).filter(filled.contains))
    for gap in gaps where !filled.contains(gap.day) {
        let pause = FeedSchedule.gapPause(afterAttempts: gap.attempts + 1)
        try await context.transaction.postponeFeedGap(
            attemptAt: context.now.addingTimeInterval(pause), now: context.now, feedID: feed.id,
            day: gap.day)
    }
}

/// The days of a range on which a figure is expected.
func days(
    _ expected: ExpectedDays, in range: ClosedRange<CalendarDay>, in context: OperationContext
) async throws -> [CalendarDay] {
    guard case .sessions(let exchange) = expected else { return expected.days(in: range, sessions: []) }
    let sessions = try await context.transaction.listTradingDays(
        exchange: exchange, fromDay: range.lowerBound, toDay: range.upperBound,
        rowLimit: range.lowerBound.days(until: range.upperBound) + 1)
    return expected.days(in: range, sessions: sessions.map(\.day))
}
