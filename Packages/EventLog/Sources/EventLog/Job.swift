public import DatabaseClient
public import ExactTypes
public import Foundation
public import SharedTypes
import StrictJSON

/// Work for a time to come. It is made once: the same owner, type and key again is nothing.
public struct NewJob: Sendable {
    /// Context and work, as `notifications.send_digest`.
    public var type: String
    /// What makes it one job, as a nominal date or a season's id: 1 to 200 characters.
    public var key: String
    /// The user as whom it runs, or nobody.
    public var owner: User.ID?
    /// Not before this moment.
    public var runAt: Date
    /// What its handler is given: something that encodes as an object of up to 64 KiB.
    public var payload: any Encodable & Sendable
    /// After so many failed attempts it has failed.
    public var maximumAttempts: Int

    public init(
        _ type: String, key: String, owner: User.ID? = nil, runAt: Date,
        payload: any Encodable & Sendable = [String: String](), maximumAttempts: Int = 10
    ) {
        self.type = type
        self.key = key
        self.owner = owner
        self.runAt = runAt
        self.payload = payload
        self.maximumAttempts = maximumAttempts
    }
}

/// A job as its handler meets it.
public struct DueJob: Sendable {
    public let id: Job.ID
    /// The user who is the acting one while it runs.
    public let owner: User.ID?
    public let type: String
    public let key: String
    /// The time for which it was scheduled, however late it runs and however often it failed.
    public let runAt: Date
    /// From 1.
    public let attempt: Int
    public let maximumAttempts: Int
    /// When this attempt began, by the log's clock.
    public let now: Date
    private let payload: String

    init(_ job: ClaimedJob, now: Date) {
        (id, owner, type, key) = (job.id, job.ownerID, job.type, job.key)
        (runAt, attempt, maximumAttempts) = (job.nominalRunAt, job.attempts, job.maximumAttempts)
        (self.now, payload) = (now, job.payload)
    }

    /// What it was scheduled with.
    public func payload<Payload: Decodable>(as type: Payload.Type) throws -> Payload {
        try JSONCoding.decode(type, from: payload)
    }
}

/// What a process does at which type of job.
///
/// A handler's effect and the end of its job commit together, so the effect happens once. What a handler throws undoes
/// its effect; the job is put off with growing pauses, and has failed after its last attempt. A job that was due while
/// nobody ran is run once, when somebody runs, with the time that it was scheduled for: work that recurs schedules its
/// next occurrence in the same transaction, and so decides itself what becomes of those that were missed.
public struct JobHandlers: Sendable {
    typealias Handler = @Sendable (DueJob, DatabaseTransaction) async throws -> Void
    private(set) var handlers: [String: Handler] = [:]

    public init() {}

    /// What it does at jobs of this type, in a transaction in which the job's owner is the acting user.
    public func on(
        _ type: String, do handle: @escaping @Sendable (DueJob, DatabaseTransaction) async throws -> Void
    ) -> JobHandlers {
        var added = self
        added.handlers[type] = handle
        return added
    }
}

extension EventLog {
    /// Schedules a job in the writer's transaction, whose acting user its owner is.
    /// - Returns: whether it is new.
    @discardableResult
    public func schedule(_ job: NewJob, in transaction: DatabaseTransaction) async throws -> Bool {
        let now = now()
        return try await transaction.scheduleJob(
            jobID: .version7(at: now), ownerID: job.owner, type: job.type, key: job.key,
            payload: try JSONCoding.text(job.payload), runAt: job.runAt,
            maximumAttempts: job.maximumAttempts, now: now) > 0
    }
}
