import DatabaseClient
import Foundation
import Logging
public import Metrics
public import PeriodicWork
import Synchronization

/// Runs a consumer for as long as the service does. Any number of processes may run the same one: each partition is
/// worked by one at a time, whoever takes it. A pass that is under way at the end is undone.
public struct EventConsumerService: PeriodicWork {
    /// The work, and the measuring of how far it is behind.
    public let loops: [PeriodicService]

    /// - Parameters:
    ///   - pollInterval: how often it looks by itself, where nothing wakes it.
    ///   - lagInterval: how often it measures how far it is behind.
    public init(
        _ consumer: EventConsumer, log: EventLog, retries: RetryPolicy = RetryPolicy(),
        pollInterval: Duration = .milliseconds(200), lagInterval: Duration = .seconds(5),
        metrics factory: any MetricsFactory = MetricsSystem.factory
    ) {
        let metrics = ConsumerMetrics(consumer: consumer.name, factory: factory)
        let passes = ConsumerPasses(consumer: consumer, log: log, retries: retries, metrics: metrics)
        loops = [
            PeriodicService(
                "consumer.\(consumer.name)", every: pollInterval, longestPause: .seconds(5),
                logger: log.logger, metrics: factory, wakingIt: { await log.bell.wake($0) }
            ) {
                try await passes.work()
                return .done
            },
            PeriodicService(
                "lag.\(consumer.name)", every: lagInterval, waitsFirst: true, logger: log.logger,
                metrics: factory
            ) {
                metrics.record(
                    try await log.worker.findConsumerLag(consumer: consumer.name, now: log.now()))
                return .done
            },
        ]
    }
}

/// The passes of one consumer in this process.
private final class ConsumerPasses: Sendable {
    private let consumer: EventConsumer
    private let log: EventLog
    private let retries: RetryPolicy
    private let metrics: ConsumerMetrics
    /// Nil until it is registered.
    private let partitions = Mutex<Int?>(nil)

    init(consumer: EventConsumer, log: EventLog, retries: RetryPolicy, metrics: ConsumerMetrics) {
        self.consumer = consumer
        self.log = log
        self.retries = retries
        self.metrics = metrics
    }

    /// Works all that there is. Where the database is away, or two met in a deadlock, everything is as it was.
    func work() async throws {
        let count: Int
        if let known = partitions.withLock({ $0 }) {
            count = known
        } else {
            count = try await register()
            partitions.withLock { $0 = count }
        }
        try await work(count)
    }

    /// Makes the consumer and its cursors, at the beginning of the log, where they are missing.
    /// - Returns: how many partitions it has.
    private func register() async throws -> Int {
        let now = log.now()
        return try await log.service.transaction { transaction in
            try await transaction.registerConsumer(
                name: consumer.name, partitions: consumer.partitions, now: now)
            let partitions =
                try await transaction.findConsumer(name: consumer.name)?.partitions ?? consumer.partitions
            for partition in 0..<partitions {
                try await transaction.insertCursor(
                    consumer: consumer.name, partition: partition, epoch: 0, transactionNumber: 0,
                    position: -1, now: now)
            }
            return partitions
        }
    }

    /// Works every partition that has something to do, at the same time, until none has.
    private func work(_ partitions: Int) async throws {
        var pending = try await pendingPartitions(partitions)
        while !pending.isEmpty {
            try Task.checkCancellation()
            pending = try await withThrowingTaskGroup(of: Int?.self) { group in
                for partition in pending {
                    group.addTask { try await self.pass(partition, of: partitions) ? partition : nil }
                }
                return try await group.reduce(into: []) { if let partition = $1 { $0.append(partition) } }
            }
        }
    }

    /// - Returns: whether there may be more to do at once.
    private func pass(_ partition: Int, of partitions: Int) async throws -> Bool {
        func pass(usesSavepoints: Bool) async throws -> (isMore: Bool, handled: Int, failed: Int) {
            try await log.service.transaction { transaction in
                var pass = ConsumerPass(
                    consumer, partition: partition, of: partitions, log: log, retries: retries,
                    usesSavepoints: usesSavepoints, in: transaction)
                let isMore = try await pass.run()
                return (isMore, pass.handled, pass.failed)
            }
        }
        var done: (isMore: Bool, handled: Int, failed: Int)
        do {
            done = try await pass(usesSavepoints: false)
        } catch {
            // All of it was undone. Where the cause was not a handler, it shows again.
            try Task.checkCancellation()
            done = try await pass(usesSavepoints: true)
        }
        metrics.count(handled: done.handled, failed: done.failed)
        return done.isMore
    }

    /// Those that lie behind the end of what may be read, or have something due again; none while an operator holds the
    /// consumer.
    private func pendingPartitions(_ partitions: Int) async throws -> [Int] {
        async let state = log.service.findConsumer(name: consumer.name)
        async let cursors = log.service.listCursors(consumer: consumer.name)
        async let end = log.worker.findReadableEnd()
        async let due = log.worker.listDuePartitions(
            partitions: partitions, consumer: consumer.name, now: log.now())
        guard let state = try await state, state.pausedAt == nil else { return [] }
        var pending = Set(try await due)
        let last = try await end.map { ($0.epoch, $0.transactionNumber, $0.position) }
        for cursor in try await cursors {
            if let last, (cursor.epoch, cursor.transactionNumber, cursor.position) < last {
                pending.insert(cursor.partition)
            }
        }
        return pending.filter { $0 < partitions }.sorted()
    }
}
