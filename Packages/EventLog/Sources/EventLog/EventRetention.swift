import DatabaseClient
import ExactTypes
public import Foundation
import Logging
public import PeriodicWork
import SharedTypes

/// Keeps the log from growing for ever: looks every hour, and removes what is old and nobody needs any more.
///
/// Every process may run it. It works in many small transactions, since a long one would hold all consumers back, and so
/// it is no job, whose handler is one transaction; two that meet remove the same rows once.
public struct EventRetention: Sendable {
    let log: EventLog
    let retentionDays: Double
    let interval: Duration

    /// - Parameter retentionDays: for so long everything is kept.
    public init(log: EventLog, retentionDays: Double = 30, interval: Duration = .seconds(3_600)) {
        self.log = log
        self.retentionDays = retentionDays
        self.interval = interval
    }

    /// Looks until the service shuts down.
    public var service: PeriodicService {
        PeriodicService("event_retention", every: interval, waitsFirst: true, logger: log.logger) {
            let trimmed = try await log.trim(
                before: log.now().addingTimeInterval(-.days(retentionDays)))
            log.logger.info(
                "the event log was trimmed",
                metadata: [
                    "events": "\(trimmed.events)", "parked": "\(trimmed.resolvedEvents)",
                    "jobs": "\(trimmed.jobs)",
                ])
            return .done
        }
    }
}

/// How many rows were removed.
public struct TrimmedRows: Sendable, Equatable {
    public var events = 0
    /// What had been put aside and was resolved.
    public var resolvedEvents = 0
    public var jobs = 0
}

extension EventLog {
    private static let rowsAtOnce = 500

    /// Removes what was written before a moment: events that every partition of every consumer has passed and none has
    /// put aside, and of this context what was put aside and is resolved, and finished jobs. Where there is no consumer, no
    /// event goes, and none that is younger than a day.
    public func trim(before moment: Date) async throws -> TrimmedRows {
        var trimmed = TrimmedRows()
        trimmed.resolvedEvents = try await removeByOwner {
            try await worker.listResolvedEvents(before: moment, rowLimit: Self.rowsAtOnce)
        } owner: {
            $0.ownerID
        } remove: { resolved, _, transaction in
            var count = 0
            for event in resolved {
                count += try await transaction.deleteResolvedEvent(
                    consumer: event.consumer, eventID: event.eventID)
            }
            return count
        }
        var removed = Self.rowsAtOnce
        while removed == Self.rowsAtOnce {
            removed = try await worker.removeOldEvents(before: moment, rowLimit: Self.rowsAtOnce)
            trimmed.events += removed
        }
        trimmed.jobs = try await removeByOwner {
            try await worker.listFinishedJobs(before: moment, rowLimit: Self.rowsAtOnce)
        } owner: {
            $0.ownerID
        } remove: { jobs, _, transaction in
            var count = 0
            for job in jobs { count += try await transaction.deleteJob(jobID: job.id) }
            return count
        }
        return trimmed
    }

    /// Removes rows batch by batch, each owner's in a transaction as that owner.
    private func removeByOwner<Found>(
        find: () async throws -> [Found], owner: (Found) -> User.ID?,
        remove: ([Found], User.ID?, DatabaseTransaction) async throws -> Int
    ) async throws -> Int {
        var total = 0
        while true {
            let found = try await find()
            var removed = 0
            for (owner, rows) in Dictionary(grouping: found, by: owner) {
                removed += try await service.transaction(as: owner?.uuid) {
                    try await remove(rows, owner, $0)
                }
            }
            total += removed
            // Where nothing could be removed another process was faster, and goes on.
            if removed == 0 || found.count < Self.rowsAtOnce { return total }
        }
    }
}
