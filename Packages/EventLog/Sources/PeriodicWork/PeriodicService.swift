public import Foundation
public import Logging
public import Metrics
public import ServiceLifecycle
import Synchronization

/// Work that repeats for as long as the service runs: at its interval, sooner where something wakes it, and after growing
/// pauses where it fails. Every loop of Grove that looks, rests and looks again is one of these.
///
/// Metrics, by `loop`: `periodic_last_success_timestamp_seconds`, and `periodic_failures_total`. A loop that has failed for
/// ten minutes is shown by readiness too.
public final class PeriodicService: PeriodicWork {
    /// What a round leaves.
    public enum Round: Sendable {
        /// Nothing until the next one.
        case done
        /// Perhaps more: the next one begins at once.
        case more
        /// Nothing ever: the service ends.
        case last
    }

    /// How long a loop fails before readiness shows it.
    public static let failureShownAfter: TimeInterval = 600

    /// As `notifications.digests`.
    public let name: String
    private let interval: Duration
    private let longestPause: Duration
    private let waitsFirst: Bool
    private let time: PeriodicTime
    private let logger: Logger
    private let isFatal: @Sendable (any Error) -> Bool
    private let wakingIt: (@Sendable (Wakeup) async -> Void)?
    private let work: @Sendable () async throws -> Round
    private let lastSuccess: Gauge
    private let failures: Counter
    private let failing = Mutex<Date?>(nil)

    /// - Parameters:
    ///   - interval: the pause between two rounds, give or take a tenth.
    ///   - longestPause: where the pauses after failures end, which begin with a second, or the interval if that is
    ///     shorter, and double. Half a minute, or the interval up to five minutes, where nothing is said.
    ///   - waitsFirst: whether a part of the interval passes before the first round.
    ///   - isFatal: errors after which the work cannot go on; they end the service, and with it the process.
    ///   - wakingIt: runs beside the work and signals when there may be something to do.
    ///   - work: one round.
    public init(
        _ name: String, every interval: Duration, longestPause: Duration? = nil, waitsFirst: Bool = false,
        time: PeriodicTime = PeriodicTime(), logger: Logger,
        metrics factory: any MetricsFactory = MetricsSystem.factory,
        isFatal: @escaping @Sendable (any Error) -> Bool = { _ in false },
        wakingIt: (@Sendable (Wakeup) async -> Void)? = nil,
        work: @escaping @Sendable () async throws -> Round
    ) {
        self.name = name
        self.interval = interval
        self.longestPause = longestPause ?? min(max(interval, .seconds(30)), .seconds(300))
        self.waitsFirst = waitsFirst
        self.time = time
        self.logger = logger
        self.isFatal = isFatal
        self.wakingIt = wakingIt
        self.work = work
        let dimensions = [("loop", name)]
        lastSuccess = Gauge(
            label: "periodic_last_success_timestamp_seconds", dimensions: dimensions, factory: factory)
        failures = Counter(label: "periodic_failures", dimensions: dimensions, factory: factory)
    }

    public var loops: [PeriodicService] { [self] }

    /// Since when it has failed at every attempt, where that is for so long that it should be seen.
    public func failingSince(at now: Date) -> Date? {
        failing.withLock { $0 }.flatMap { now.timeIntervalSince($0) >= Self.failureShownAfter ? $0 : nil }
    }

    /// Runs until the service shuts down, the task is cancelled, or the work says that it was the last.
    /// - Throws: an error that is fatal.
    public func run() async throws {
        let wakeup = Wakeup()
        try await cancelWhenGracefulShutdown {
            try await withThrowingTaskGroup(of: Void.self) { group in
                if let wakingIt = self.wakingIt { group.addTask { await wakingIt(wakeup) } }
                defer { group.cancelAll() }
                try await self.repeatWork(wokenBy: wakeup)
            }
        }
    }

    private func repeatWork(wokenBy wakeup: Wakeup) async throws {
        if waitsFirst, (try? await time.sleep(interval * time.jitter(0...1))) == nil { return }
        var failed = 0
        while !Task.isCancelled {
            do {
                let round = try await work()
                failed = 0
                failing.withLock { $0 = nil }
                lastSuccess.record(time.now().timeIntervalSince1970)
                if round == .last { return }
                if round == .done { await wakeup.wait(interval * time.jitter(0.9...1.1), time) }
            } catch let error where !isFatal(error) {
                // What is cancelled fails, and that is no failure.
                if Task.isCancelled { return }
                failed += 1
                note(error)
                // A signal does not shorten this: what fails at once would fail again at each.
                try? await time.sleep(pause(after: failed) * time.jitter(0.5...1))
            }
        }
    }

    private func note(_ error: any Error) {
        failures.increment()
        failing.withLock { $0 = $0 ?? time.now() }
        logger.warning(
            "a round of periodic work failed",
            metadata: ["loop": "\(name)", "reason": "\(String("\(error)".prefix(1_000)))"])
    }

    /// Doubles from failure to failure.
    private func pause(after failures: Int) -> Duration {
        var pause = min(interval, .seconds(1))
        for _ in 1..<max(failures, 1) where pause < longestPause { pause = pause * 2 }
        return min(pause, longestPause)
    }
}
