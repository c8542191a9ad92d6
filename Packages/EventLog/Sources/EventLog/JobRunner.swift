import DatabaseClient
import ExactTypes
public import Foundation
import Logging
public import PeriodicWork
import SharedTypes

/// Runs the jobs whose time has come. Any number of processes may do so: each job is claimed by one, of those that have
/// a handler for its type.
///
/// A claim is a transaction of its own, so that an attempt counts even where it takes the process with it. The effect and
/// the end of the job are another one, which holds the job's row: who lost the claim meanwhile has no effect.
public struct JobRunner: Sendable {
    private static let jobsAtOnce = 20

    private let handlers: [String: JobHandlers.Handler]
    private let types: [String]
    private let log: EventLog
    private let retries: RetryPolicy
    private let leaseSeconds: Double
    private let width: Int
    private let pollInterval: Duration
    /// Of this process, in `locked_by`.
    private let name = "\(ProcessInfo.processInfo.hostName.prefix(100)):\(UUID())"

    /// - Parameters:
    ///   - retries: the pauses after failed attempts; how many there are is the job's own.
    ///   - leaseSeconds: when a process that said nothing is taken for dead. One that only is slow keeps its job.
    ///   - width: how many jobs run at the same time.
    ///   - pollInterval: how often it looks.
    public init(
        _ handlers: JobHandlers, log: EventLog,
        retries: RetryPolicy = RetryPolicy(firstPauseSeconds: 5, longestPauseSeconds: 3_600),
        leaseSeconds: Double = 60, width: Int = 4, pollInterval: Duration = .seconds(1)
    ) {
        self.handlers = handlers.handlers
        types = handlers.handlers.keys.sorted()
        self.log = log
        self.retries = retries
        self.leaseSeconds = leaseSeconds
        self.width = width
        self.pollInterval = pollInterval
    }

    /// Runs jobs until the service shuts down; what is under way is then undone and handed back.
    public var service: PeriodicService {
        PeriodicService("jobs", every: pollInterval, logger: log.logger) {
            try await runDueJobs() > 0 ? .more : .done
        }
    }

    /// Looks once, and runs what is due by the log's clock.
    /// - Returns: how many jobs it took.
    @discardableResult
    public func runDueJobs() async throws -> Int {
        let now = log.now()
        async let due = log.worker.listDueJobs(now: now, types: types, rowLimit: Self.jobsAtOnce)
        async let stalled = log.worker.listStalledJobs(now: now, types: types, rowLimit: Self.jobsAtOnce)
        // In no order, so that processes that see the same ones do not reach for the same one first.
        let found =
            try await (due.map { ($0.id, $0.ownerID) } + stalled.map { ($0.id, $0.ownerID) }).shuffled()
        return await withTaskGroup(of: Bool.self) { group in
            var taken = 0
            for (index, (id, owner)) in found.enumerated() {
                if index >= width, await group.next() == true { taken += 1 }
                group.addTask { await claimAndRun(id, of: owner) }
            }
            return await group.reduce(taken) { $1 ? $0 + 1 : $0 }
        }
    }

    /// - Returns: whether it could be claimed.
    private func claimAndRun(_ id: Job.ID, of owner: User.ID?) async -> Bool {
        do {
            guard let job = try await claim(id, of: owner) else { return false }
            try await attempt(job)
            return true
        } catch {
            // The job is as it was, or its lease ends: one that cannot be told how it went concerns no other.
            log.logger.warning(
                "a job could not be run",
                metadata: ["job": "\(id)", "reason": "\(ConsumerPass.errorSummary(error))"])
            return false
        }
    }

    private func claim(_ id: Job.ID, of owner: User.ID?) async throws -> ClaimedJob? {
        let now = log.now()
        return try await log.service.transaction(as: owner?.uuid) { transaction in
            let claimed = try await transaction.claimJob(
                lockedBy: name, lockedUntil: now.addingTimeInterval(leaseSeconds), now: now, jobID: id)
            if claimed == nil {
                _ = try await transaction.failStalledJob(
                    now: now, error: "the process that ran it ended before it was done", jobID: id)
            }
            return claimed
        }
    }

    private func attempt(_ job: ClaimedJob) async throws {
        do {
            try await run(job)
        } catch {
            // What was cancelled cannot speak to the database any more, so another task does.
            let isEnding = Task.isCancelled
            try await Task { try await isEnding ? handBack(job) : putOff(job, after: error) }.value
        }
    }

    /// The effect, and the end of the job, or neither.
    private func run(_ job: ClaimedJob) async throws {
        guard let handler = handlers[job.type] else { return }
        let now = log.now()
        try await log.service.transaction(as: job.ownerID?.uuid) { transaction in
            guard
                try await transaction.holdJob(jobID: job.id, lockedBy: name, attempts: job.attempts) != nil
            else { return }
            try await handler(DueJob(job, now: now), transaction)
            // The handler may have acted as somebody else.
            try await transaction.act(as: job.ownerID)
            _ = try await transaction.finishJob(
                status: .succeeded, now: log.now(), error: nil, jobID: job.id, lockedBy: name,
                attempts: job.attempts)
        }
    }

    /// After a failed attempt, or one of which nobody knows whether it was committed: then the job is no longer running,
    /// and this changes nothing.
    private func putOff(_ job: ClaimedJob, after error: any Error) async throws {
        let (now, reason) = (log.now(), ConsumerPass.errorSummary(error))
        log.logger.warning(
            "a job failed", metadata: ["type": "\(job.type)", "job": "\(job.id)", "reason": "\(reason)"])
        _ = try await log.service.transaction(as: job.ownerID?.uuid) { transaction in
            guard job.attempts < job.maximumAttempts else {
                return try await transaction.finishJob(
                    status: .failed, now: now, error: reason, jobID: job.id, lockedBy: name,
                    attempts: job.attempts)
            }
            let pause = retries.pauseSeconds(before: job.attempts + 1)
            return try await transaction.putOffJob(
                runAt: now.addingTimeInterval(pause), error: reason, now: now, jobID: job.id, lockedBy: name,
                attempts: job.attempts)
        }
    }

    private func handBack(_ job: ClaimedJob) async throws {
        _ = try await log.service.transaction(as: job.ownerID?.uuid) {
            try await $0.handBackJob(now: log.now(), jobID: job.id, lockedBy: name, attempts: job.attempts)
        }
    }
}
