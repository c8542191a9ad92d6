import DatabaseClient
public import Foundation
public import SharedTypes

/// How far a consumer is.
public struct ConsumerState: Sendable {
    public let name: String
    public let partitions: Int
    /// Since when an operator holds it.
    public let pausedAt: Date?
    /// Events after its slowest cursor, of all partitions.
    public let behind: Int
    /// Seconds since the oldest of these was written.
    public let lagSeconds: Double
    /// Events that were put aside and are not resolved.
    public let putAside: Int
}

/// An event that was put aside for a consumer.
public struct ParkedEvent: Sendable {
    public let id: Event.ID
    public let owner: User.ID?
    public let status: ParkedEventStatus
    public let attempts: Int
    /// Why the last attempt failed.
    public let error: String?
    public let nextAttemptAt: Date?
}

/// What an operator does with consumers.
extension EventLog {
    /// All consumers, by name.
    public func consumerStates() async throws -> [ConsumerState] {
        try await worker.listConsumerStates(now: now()).map {
            ConsumerState(
                name: $0.name, partitions: $0.partitions, pausedAt: $0.pausedAt, behind: $0.behind,
                lagSeconds: $0.lagSeconds, putAside: $0.putAside)
        }
    }

    /// A page of what is put aside for a consumer, in the order of the log.
    public func parkedEvents(of consumer: String, limit: Int = 100) async throws -> [ParkedEvent] {
        try await worker.listParkedEvents(
            consumer: consumer, afterEpoch: 0, afterTransactionNumber: 0, afterPosition: -1, rowLimit: limit
        ).map {
            ParkedEvent(
                id: $0.eventID, owner: $0.ownerID, status: $0.status, attempts: $0.attempts, error: $0.error,
                nextAttemptAt: $0.nextAttemptAt)
        }
    }

    /// Has an event that was put aside tried again at once; if it succeeds, what waits behind it goes on.
    /// - Throws: ``EventLogError/notFound(_:)`` where it waits for no attempt.
    public func replay(_ id: Event.ID, for consumer: String) async throws {
        try await asOwner(of: id, for: consumer) {
            try await $0.replayParkedEvent(now: now(), consumer: consumer, eventID: id)
        }
        bell.ring()
    }

    /// Gives an event up for a consumer, so that what waits behind it goes on.
    /// - Parameters:
    ///   - operatorID: who decides so, as text.
    ///   - reason: 1 to 1,000 characters, kept with the event.
    /// - Throws: ``EventLogError/notFound(_:)`` where it is resolved already.
    public func skip(_ id: Event.ID, for consumer: String, by operatorID: String, because reason: String)
        async throws
    {
        try await asOwner(of: id, for: consumer) {
            try await $0.skipParkedEvent(
                now: now(), resolvedBy: operatorID, resolution: reason, consumer: consumer, eventID: id)
        }
        bell.ring()
    }

    /// Holds a consumer, or lets it go on; its events wait in the log.
    /// - Throws: ``EventLogError/notFound(_:)``.
    public func setPaused(_ isPaused: Bool, _ consumer: String) async throws {
        let now = now()
        guard try await service.pauseConsumer(pausedAt: isPaused ? now : nil, now: now, name: consumer) != nil
        else {
            throw EventLogError.notFound("consumer")
        }
        bell.ring()
    }

    private func asOwner(
        of id: Event.ID, for consumer: String, _ change: (DatabaseTransaction) async throws -> Int
    ) async throws {
        guard let owner = try await worker.findParkedEventOwner(consumer: consumer, eventID: id) else {
            throw EventLogError.notFound("event")
        }
        let changed = try await service.transaction(as: owner.ownerID?.uuid, change)
        guard changed > 0 else { throw EventLogError.notFound("event") }
    }
}
