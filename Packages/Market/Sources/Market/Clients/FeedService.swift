import DatabaseClient
import EventLog
import ExactTypes
import Foundation
import Logging
import Metrics
import PeriodicWork
import SharedTypes
import Synchronization

/// Reads the feeds that are due, each provider in a loop of its own, so that one which asks for an hour's pause keeps no
/// other waiting.
struct FeedService: PeriodicWork {
    let loops: [PeriodicService]

    init(
        _ configuration: MarketConfiguration, on database: Database, logger: Logger,
        now: @escaping @Sendable () -> Date
    ) {
        let gauges = FeedGauges()
        loops =
            configuration.providers.values.sorted { $0.name < $1.name }.map { provider in
                let lane = FeedLane(
                    reader: FeedReader(provider: provider, database: database, now: now), logger: logger)
                return PeriodicService(
                    "market.feeds.\(provider.name)", every: .seconds(300), logger: logger
                ) {
                    try await lane.readDue()
                    return .done
                }
            } + [
                PeriodicService("market.feed_gauges", every: .seconds(60), logger: logger) {
                    let feeds = try await database.measureFeeds()
                    gauges.record(feeds, asked: Set(configuration.providers.keys), at: now())
                    return .done
                }
            ]
    }
}

/// The feeds of one provider, one after the other.
final class FeedLane: Sendable {
    private let reader: FeedReader
    private let logger: Logger
    /// The provider wants to be left alone until then.
    private let pausedUntil = Mutex(Date.distantPast)

    init(reader: FeedReader, logger: Logger) {
        self.reader = reader
        self.logger = logger
    }

    /// Reads every feed that is due, unless the provider cannot be asked.
    func readDue() async throws {
        while !Task.isCancelled {
            let now = reader.now()
            guard pausedUntil.withLock({ $0 <= now }),
                let feed = try await reader.database.claimFeed(
                    until: now.addingTimeInterval(FeedSchedule.lease), provider: reader.provider.name,
                    now: now)
            else { return }
            do {
                try await reader.read(feed.id)
            } catch let failure as ProviderFailure {
                if Task.isCancelled { return }
                try await note(failure, of: feed)
                guard failure.isOfTheFeedAlone else { return }
            }
        }
    }

    private func note(_ failure: ProviderFailure, of feed: FeedRow) async throws {
        let now = reader.now()
        var pause = FeedSchedule.pause(
            afterFailures: feed.failures + 1, jitter: Double.random(in: 0.5...1))
        if case .busy(let seconds) = failure {
            pause = max(pause, seconds)
            pausedUntil.withLock { $0 = now.addingTimeInterval(seconds) }
        }
        logger.warning(
            "a feed could not be read",
            metadata: [
                "provider": "\(feed.provider)", "feed": "\(feed.id)", "symbol": "\(feed.symbol ?? "")",
                "reason": "\(failure)",
            ])
        try await reader.database.failFeed(
            error: String("\(failure)".prefix(1_000)), attemptAt: now.addingTimeInterval(pause), now: now,
            feedID: feed.id)
    }
}

extension ProviderFailure {
    /// Whether another feed of the provider may fare better now.
    var isOfTheFeedAlone: Bool {
        switch self {
        case .unreadable, .refused: true
        case .busy, .unavailable, .unauthorized: false
        }
    }
}

/// How the feeds of each provider stand. `market_feed_lag_days` is how far the oldest of them is behind.
struct FeedGauges: Sendable {
    var factory: any MetricsFactory = MetricsSystem.factory

    /// - Parameter asked: the names of the providers that this deployment asks.
    func record(_ feeds: [MeasureFeedsRow], asked: Set<String>, at now: Date) {
        let last = FeedSchedule.lastDay(at: now)
        for row in feeds {
            func record(_ label: String, _ value: Int) {
                Gauge(label: label, dimensions: [("provider", row.provider)], factory: factory).record(value)
            }
            record("market_feeds", row.feeds)
            record("market_feeds_failing", row.failing)
            record("market_feed_missing_days", row.missingDays)
            record("market_feed_lag_days", max(0, row.nextDay.days(until: last) + 1))
            record("market_provider_off", asked.contains(row.provider) ? 0 : 1)
        }
    }
}
