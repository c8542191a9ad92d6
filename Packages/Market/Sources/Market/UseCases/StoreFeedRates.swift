import DatabaseClient
import EventLog
import ExactTypes
import Foundation
import SharedTypes

/// Stores a piece of a provider's rates, and in the same transaction how far the feed is read.
func storeFeedRates(
    _ rates: [ExchangeRateTable.Entry], of feed: FeedRow, by move: FeedMove, in context: OperationContext
) async throws {
    try await moveFeed(feed, by: move, in: context)
    try await keepRates(rates, of: feed, in: context)
    guard let passed = move.passed else { return }
    let known = try await rateDays(of: feed, in: passed, in: context)
    let missing = try await days(.target, in: passed, in: context).filter { !known.contains($0) }
    try await noteGaps(missing, of: feed, in: context)
}

/// Stores what a provider gave when it was asked again for days that were missing.
func storeMissingRates(
    _ rates: [ExchangeRateTable.Entry], asked gaps: [ListDueFeedGapsRow], of feed: FeedRow,
    in context: OperationContext
) async throws {
    guard let first = gaps.first?.day, let last = gaps.last?.day else { return }
    let asked = Set(gaps.map(\.day))
    try await keepRates(rates.filter { asked.contains($0.day) }, of: feed, in: context)
    try await settleGaps(
        gaps, filled: try await rateDays(of: feed, in: first...last, in: context), of: feed, in: context)
}

private func keepRates(
    _ rates: [ExchangeRateTable.Entry], of feed: FeedRow, in context: OperationContext
) async throws {
    guard !rates.isEmpty else { return }
    try await context.transaction.lockExchangeRateImports()
    _ = try await context.transaction.writeExchangeRates(
        rates.map(NewExchangeRate.init), source: feed.provider, now: context.now)
}

private func rateDays(
    of feed: FeedRow, in range: ClosedRange<CalendarDay>, in context: OperationContext
) async throws -> Set<CalendarDay> {
    Set(
        try await context.transaction.listRateDays(
            base: .eur, source: feed.provider, fromDay: range.lowerBound, toDay: range.upperBound))
}
