import DatabaseClient
import EventLog
public import ExactTypes
import Foundation
import SharedTypes

/// Reads a feed: asks its provider while no transaction is open, and stores each page with how far the feed then is in one.
///
/// So a reader may be killed anywhere. What it had stored stays, and the next one begins behind it; a page whose outcome was
/// not known is asked for again, and changes nothing the second time.
struct FeedReader: Sendable {
    let provider: any MarketProvider
    let database: Database
    let now: @Sendable () -> Date
    /// How many rows of one answer are stored in one transaction.
    var sliceRows = 5_000
    /// After each page that was stored.
    var progress: @Sendable (FeedProgress) -> Void = { _ in }

    /// A window that has more pages than this has no end.
    private static let maximumPages = 1_000
    /// Longer than any history: corporate actions of a listing are few, and are asked for all at once.
    private static let wholeHistory = 100_000
    /// Corporate actions are known before they are carried out.
    private static let daysAhead = 120
    /// How often a window begins anew whose token the provider does not take.
    private static let maximumRestarts = 2

    /// Reads until everything up to the last day that is over is in, then asks again for days that are missing.
    /// - Throws: ``ProviderFailure`` where the provider gives nothing that can be used; then what was stored before stays.
    func read(_ id: Feed.ID) async throws {
        var (pages, restarts) = (0, 0)
        while true {
            guard let feed = try await database.findFeed(feedID: id) else { throw MarketError.feedNotFound }
            let step = FeedStep(
                nextDay: feed.nextDay, windowEnd: feed.windowEnd, token: feed.pageToken,
                through: FeedSchedule.lastDay(at: now()),
                windowDays: feed.kind == .corporateActions ? Self.wholeHistory : provider.windowDays)
            guard let step else { break }
            pages += 1
            guard pages <= Self.maximumPages else { throw ProviderFailure.unreadable("has no last page") }
            do {
                try await take(step, of: feed)
            } catch ProviderFailure.refused where step.token != nil && restarts < Self.maximumRestarts {
                // Its own token is not taken: tokens may age. The window begins anew.
                restarts += 1
                try await restart(feed)
            } catch MarketError.feedMoved {
                continue
            }
        }
        try await readGaps(of: id)
        try await database.restFeed(
            attemptAt: FeedSchedule.nextNight(after: now()), now: now(), feedID: id)
    }

    private func take(_ step: FeedStep, of feed: FeedRow) async throws {
        switch feed.kind {
        case .bars:
            let instrument = try await instrument(of: feed)
            let page = try await provider.bars(request(step, feed, instrument.currency))
            try await store(page, of: step, feed) { bars, move, context in
                try await storeFeedBars(bars, of: feed, instrument: instrument, by: move, in: context)
            }
        case .exchangeRates:
            let page = try await provider.rates(request(step, feed, .eur))
            try await store(page, of: step, feed) { rates, move, context in
                try await storeFeedRates(rates, of: feed, by: move, in: context)
            }
        case .corporateActions: try await takeActions(step, of: feed)
        }
    }

    private func instrument(of feed: FeedRow) async throws -> FindFeedInstrumentRow {
        guard let id = feed.instrumentID,
            let instrument = try await database.findFeedInstrument(instrumentID: id)
        else { throw MarketError.instrumentNotFound }
        return instrument
    }

    private func request(_ step: FeedStep, _ feed: FeedRow, _ currency: Currency) -> FeedRequest {
        FeedRequest(symbol: feed.symbol ?? "", currency: currency, days: step.days, token: step.token)
    }

    /// The page of a window of several is one transaction; a whole window in one answer is cut into several.
    private func store<Row: DatedFigure>(
        _ page: FeedPage<Row>, of step: FeedStep, _ feed: FeedRow,
        _ write: @Sendable ([Row], FeedMove, OperationContext) async throws -> Void
    ) async throws {
        let (rows, refused) = try cleaned(page, of: step.days)
        if let token = page.nextToken, token == step.token {
            throw ProviderFailure.unreadable("leads to itself as the next page")
        }
        let isPaged = step.token != nil || page.nextToken != nil
        let pieces = slices(
            of: rows, ofAbout: isPaged ? .max : sliceRows, through: step.days.upperBound)
        var position = feed.position
        var refusedLeft = refused
        for piece in pieces {
            let next: FeedPosition
            if let token = page.nextToken {
                next = FeedPosition(
                    nextDay: feed.nextDay, windowEnd: step.days.upperBound, token: token)
            } else {
                let isEnd = piece.through >= step.days.upperBound
                next = FeedPosition(
                    nextDay: try piece.through.advanced(by: 1),
                    windowEnd: isEnd ? nil : step.days.upperBound, token: nil)
            }
            let move = FeedMove(
                from: position, to: next, rowsRead: piece.rows.count, rowsRefused: refusedLeft)
            refusedLeft = 0
            try await transaction { try await write(Array(piece.rows), move, $0) }
            position = next
            progress(FeedProgress(rows: piece.rows.count, through: piece.rows.last?.day ?? piece.through))
        }
    }

    private func cleaned<Row: DatedFigure>(
        _ page: FeedPage<Row>, of days: ClosedRange<CalendarDay>
    ) throws(ProviderFailure) -> (rows: [Row], refused: Int) {
        do throws(ParseError) {
            return try page.cleaned(of: days)
        } catch {
            throw .unreadable(error.reason)
        }
    }

    /// Begins a window anew at its first page.
    private func restart(_ feed: FeedRow) async throws {
        let position = FeedPosition(nextDay: feed.nextDay, windowEnd: feed.windowEnd)
        try await transaction {
            try await moveFeed(feed, by: FeedMove(from: feed.position, to: position), in: $0)
        }
    }

    private func transaction(_ work: @Sendable (OperationContext) async throws -> Void) async throws {
        try await database.transaction { transaction in
            try await work(OperationContext(user: nil, transaction: transaction, now: now()))
        }
    }

    // MARK: - Corporate actions

    /// All pages of all days at once, since several payments of one day are one row: there are few of a listing.
    private func takeActions(_ step: FeedStep, of feed: FeedRow) async throws {
        let instrument = try await instrument(of: feed)
        let today = FeedSchedule.lastDay(at: now())
        let days = feed.firstDay...max(feed.firstDay, try today.advanced(by: Self.daysAhead))
        var (actions, refused): ([RecordedAction], Int) = ([], 0)
        try await eachPage(of: days, feed, instrument.currency, provider.actions) { page in
            actions += page.rows
            refused += page.refused
        }
        let kept: (actions: [RecordedAction], refused: Int)
        do throws(ParseError) {
            kept = try RecordedAction.kept(of: actions)
        } catch {
            throw ProviderFailure.unreadable(error.reason)
        }
        let move = FeedMove(
            from: feed.position, to: FeedPosition(nextDay: try step.days.upperBound.advanced(by: 1)),
            rowsRead: kept.actions.count, rowsRefused: refused + kept.refused)
        try await transaction {
            try await storeFeedActions(kept.actions, of: feed, instrument: instrument, by: move, in: $0)
        }
        progress(FeedProgress(rows: kept.actions.count, through: step.days.upperBound))
    }

    private func eachPage<Row>(
        of days: ClosedRange<CalendarDay>, _ feed: FeedRow, _ currency: Currency,
        _ ask: (FeedRequest) async throws(ProviderFailure) -> FeedPage<Row>,
        _ take: (FeedPage<Row>) -> Void
    ) async throws {
        var token: String?
        for _ in 0..<Self.maximumPages {
            let page = try await ask(
                FeedRequest(symbol: feed.symbol ?? "", currency: currency, days: days, token: token))
            take(page)
            guard let next = page.nextToken else { return }
            guard next != token else {
                throw ProviderFailure.unreadable("leads to itself as the next page")
            }
            token = next
        }
        throw ProviderFailure.unreadable("has no last page")
    }

    // MARK: - Days that are missing

    /// Asks again for what the calendar expects and the provider did not give, where that is due.
    private func readGaps(of id: Feed.ID) async throws {
        guard let feed = try await database.findFeed(feedID: id), feed.kind != .corporateActions else {
            return
        }
        let due = try await database.listDueFeedGaps(
            feedID: id, now: now(), maximumAttempts: FeedSchedule.gapAttempts, rowLimit: 200)
        for range in ranges(of: due.map(\.day), closerThan: 7, spanning: min(provider.windowDays, 366)) {
            let gaps = due.filter { range.contains($0.day) }
            if feed.kind == .bars {
                let instrument = try await instrument(of: feed)
                var page = FeedPage<PriceBar>(rows: [])
                try await eachPage(of: range, feed, instrument.currency, provider.bars) {
                    page.rows += $0.rows
                }
                let bars = try cleaned(page, of: range).rows
                try await transaction {
                    try await storeMissingBars(bars, asked: gaps, of: feed, instrument: instrument, in: $0)
                }
            } else {
                var page = FeedPage<ExchangeRateTable.Entry>(rows: [])
                try await eachPage(of: range, feed, .eur, provider.rates) { page.rows += $0.rows }
                let rates = try cleaned(page, of: range).rows
                try await transaction {
                    try await storeMissingRates(rates, asked: gaps, of: feed, in: $0)
                }
            }
        }
    }
}

/// What one page brought.
public struct FeedProgress: Sendable, Hashable {
    /// Rows that were stored, or were there already.
    public let rows: Int
    /// The last day of them.
    public let through: CalendarDay
}

extension FeedRow {
    /// How far it is read.
    var position: FeedPosition {
        FeedPosition(nextDay: nextDay, windowEnd: windowEnd, token: pageToken)
    }
}
