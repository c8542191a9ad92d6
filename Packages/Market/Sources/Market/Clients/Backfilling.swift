import DatabaseClient
import EventLog
import ExactTypes
import Foundation
import SharedTypes

/// Why a backfill ended before its end. What was stored until then stays, and the same one goes on behind it.
public struct BackfillFailure: Error, CustomStringConvertible {
    /// What kind of reason it is, for an exit code.
    public enum Reason: Sendable {
        /// The provider is known, and this deployment does not ask it.
        case providerOff
        /// What was asked for does not fit: an unknown listing, a provider that gives no such thing.
        case refused
        /// The provider's answer is not what is documented.
        case unreadable
        /// The provider was not reached.
        case unavailable
        /// The provider asks for a pause that is too long to wait for here.
        case busy
        /// The provider does not take the key.
        case unauthorized
    }

    public let reason: Reason
    public let description: String
}

extension MarketModule {
    /// Reads a provider from a day on, outside of a request; see `market-service backfill`.
    ///
    /// - Parameters:
    ///   - patience: for so long it waits each time the provider asks for a pause.
    ///   - progress: is called after each page that was stored.
    /// - Returns: how many days are missing of it then, by its calendar.
    /// - Throws: ``BackfillFailure``, or what the database says.
    public func backfill(
        _ backfill: Backfill, patience: TimeInterval, progress: @escaping @Sendable (FeedProgress) -> Void
    ) async throws -> Int {
        guard let provider = configuration.providers[backfill.provider] else {
            let isKnown = MarketConfiguration.kinds[backfill.provider] != nil
            throw BackfillFailure(
                reason: isKnown ? .providerOff : .refused,
                description: isKnown
                    ? "\(backfill.provider) is off: its key is not configured."
                    : "There is no provider \(backfill.provider).")
        }
        do {
            let feed = try await database.transaction { transaction in
                try await beginBackfill(
                    backfill, in: OperationContext(user: nil, transaction: transaction, now: now()))
            }
            let reader = FeedReader(provider: provider, database: database, now: now, progress: progress)
            try await read(feed, by: reader, patience: patience)
            return try await countMissingDays(of: feed)
        } catch let failure as ProviderFailure {
            throw BackfillFailure(failure)
        } catch let error as MarketError {
            throw BackfillFailure(reason: .refused, description: error.description)
        } catch let error as FieldError {
            throw BackfillFailure(reason: .refused, description: error.description)
        }
    }

    /// Waits where the provider asks for it; what else fails is noted, so that operators see it.
    private func read(_ feed: FeedRow, by reader: FeedReader, patience: TimeInterval) async throws {
        while true {
            do {
                return try await reader.read(feed.id)
            } catch ProviderFailure.busy(let seconds) where seconds <= patience {
                try await Task.sleep(for: .seconds(seconds))
            } catch let failure as ProviderFailure {
                let moment = now()
                let pause =
                    if case .busy(let seconds) = failure { seconds } else {
                        FeedSchedule.pause(afterFailures: feed.failures + 1, jitter: 1)
                    }
                try await database.failFeed(
                    error: String("\(failure)".prefix(1_000)), attemptAt: moment.addingTimeInterval(pause),
                    now: moment, feedID: feed.id)
                throw failure
            }
        }
    }

    private func countMissingDays(of feed: FeedRow) async throws -> Int {
        var (count, after) = (0, CalendarDay.first)
        while true {
            let gaps = try await database.listFeedGaps(feedID: feed.id, afterDay: after, rowLimit: 1_000)
            count += gaps.count
            guard gaps.count == 1_000, let last = gaps.last else { return count }
            after = last.day
        }
    }
}

extension BackfillFailure {
    init(_ failure: ProviderFailure) {
        description = failure.description
        reason =
            switch failure {
            case .busy: .busy
            case .unavailable: .unavailable
            case .unreadable: .unreadable
            case .unauthorized: .unauthorized
            case .refused: .refused
            }
    }
}
