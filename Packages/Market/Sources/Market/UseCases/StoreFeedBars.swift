import DatabaseClient
import EventLog
import ExactTypes
import Foundation
import SharedTypes

/// Stores a page of a provider's bars, and in the same transaction how far the feed is read. Days that the calendar
/// expects and that are missing then are noted.
func storeFeedBars(
    _ bars: [PriceBar], of feed: FeedRow, instrument: FindFeedInstrumentRow, by move: FeedMove,
    in context: OperationContext
) async throws {
    try await moveFeed(feed, by: move, in: context)
    try await keepBars(bars, of: feed, instrument: instrument, in: context)
    guard let passed = move.passed,
        let first = try await context.transaction.findFirstBarDay(instrumentID: instrument.id)
    else { return }
    let expected = ExpectedDays(calendar: instrument.calendar, instrumentClass: instrument.class)
    let stored = try await context.transaction.listClosesOfDays(
        instrumentID: instrument.id, fromDay: passed.lowerBound, toDay: passed.upperBound)
    // Before its first bar nothing is missing: the listing may be younger than the feed.
    let known = Set(stored.map(\.day))
    let missing = try await days(expected, in: passed, in: context).filter {
        $0 > first && !known.contains($0)
    }
    try await noteGaps(missing, of: feed, in: context)
}

/// Stores what a provider gave when it was asked again for days that were missing. Those that are there now, by whomever,
/// leave the list; of the others the next attempt is set.
func storeMissingBars(
    _ bars: [PriceBar], asked gaps: [ListDueFeedGapsRow], of feed: FeedRow,
    instrument: FindFeedInstrumentRow, in context: OperationContext
) async throws {
    guard let first = gaps.first?.day, let last = gaps.last?.day else { return }
    let asked = Set(gaps.map(\.day))
    try await keepBars(bars.filter { asked.contains($0.day) }, of: feed, instrument: instrument, in: context)
    let stored = try await context.transaction.listClosesOfDays(
        instrumentID: instrument.id, fromDay: first, toDay: last)
    try await settleGaps(gaps, filled: Set(stored.map(\.day)), of: feed, in: context)
}

/// Writes the bars that win, and what they disagree with.
private func keepBars(
    _ bars: [PriceBar], of feed: FeedRow, instrument: FindFeedInstrumentRow, in context: OperationContext
) async throws {
    guard let first = bars.map(\.day).min(), let last = bars.map(\.day).max() else { return }
    let transaction = context.transaction
    try await transaction.lockBarImports()
    let known = try await transaction.listClosesOfDays(
        instrumentID: instrument.id, fromDay: first, toDay: last)
    let priorities = try await transaction.listFeedPriorities(instrumentID: instrument.id)
    let kept = KeptCloses(
        bars, by: feed.provider,
        beside: Dictionary(
            known.map { ($0.day, KeptCloses.Known(close: $0.close, source: $0.source)) }
        ) { $1 },
        priorities: Dictionary(priorities.map { ($0.provider, $0.priority) }) { $1 })
    _ = try await transaction.writePriceBars(
        kept.bars.map { NewPriceBar($0, of: instrument.id) }, source: feed.provider, adjusted: .raw,
        now: context.now)
    try await transaction.upsertPriceDisagreements(
        kept.disagreements.map {
            NewPriceDisagreement(
                day: $0.day, provider: $0.provider, kept: $0.kept, keptSource: $0.keptSource,
                offered: $0.offered)
        }, instrumentID: instrument.id, now: context.now)
    _ = try await transaction.deletePriceDisagreements(
        instrumentID: instrument.id, provider: feed.provider, days: kept.agreed)
}
