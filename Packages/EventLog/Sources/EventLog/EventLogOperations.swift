public import DatabaseClient
public import ExactTypes
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
    /// As `transaction.posted`.
    public let type: String
    public let version: Int
    /// Its natural key.
    public let key: String
    public let occurredAt: Date
    /// Of the request that it came of.
    public let requestID: String?
    public let status: ParkedEventStatus
    public let attempts: Int
    /// Why the last attempt failed.
    public let error: String?
    public let nextAttemptAt: Date?
    /// Since when it is put aside.
    public let parkedAt: Date
    public let place: EventPlace
}

/// A place in the log, in whose order it is read.
public struct EventPlace: Sendable, Equatable {
    public let epoch: Int
    public let transactionNumber: Int
    public let position: Int

    public init(epoch: Int, transactionNumber: Int, position: Int) {
        (self.epoch, self.transactionNumber, self.position) = (epoch, transactionNumber, position)
    }

    /// Before the first event.
    public static let beginning = EventPlace(epoch: 0, transactionNumber: 0, position: -1)
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
    /// - Throws: ``EventLogError/notFound(_:)`` where there is no such consumer.
    public func parkedEvents(
        of consumer: String, after place: EventPlace = .beginning, limit: Int = 100
    ) async throws -> [ParkedEvent] {
        guard try await service.findConsumer(name: consumer) != nil else {
            throw EventLogError.notFound("consumer")
        }
        return try await worker.listParkedEvents(
            consumer: consumer, afterEpoch: place.epoch, afterTransactionNumber: place.transactionNumber,
            afterPosition: place.position, rowLimit: limit
        ).map {
            ParkedEvent(
                id: $0.eventID, owner: $0.ownerID, type: $0.type, version: $0.version, key: $0.key,
                occurredAt: $0.occurredAt, requestID: $0.requestID, status: $0.status,
                attempts: $0.attempts, error: $0.error, nextAttemptAt: $0.nextAttemptAt,
                parkedAt: $0.createdAt,
                place: EventPlace(
                    epoch: $0.epoch, transactionNumber: $0.transactionNumber, position: $0.position))
        }
    }

    /// Has an event that was put aside tried again at once; if it succeeds, what waits behind it goes on.
    /// - Throws: ``EventLogError/notFound(_:)`` where it waits for no attempt.
    public func replay(_ id: Event.ID, for consumer: String) async throws {
        try await service.transaction { _ = try await replay(id, for: consumer, in: $0) }
    }

    /// The same in a transaction, which afterwards acts as the event's owner.
    /// - Returns: the owner.
    @discardableResult
    public func replay(
        _ id: Event.ID, for consumer: String, in transaction: DatabaseTransaction
    ) async throws -> User.ID? {
        try await asOwner(of: id, for: consumer, in: transaction) {
            try await transaction.replayParkedEvent(now: now(), consumer: consumer, eventID: id)
        }
    }

    /// Gives an event up for a consumer, so that what waits behind it goes on.
    /// - Parameters:
    ///   - operatorID: who decides so, as text.
    ///   - reason: 1 to 1,000 characters, kept with the event.
    /// - Throws: ``EventLogError/notFound(_:)`` where it is resolved already.
    public func skip(_ id: Event.ID, for consumer: String, by operatorID: String, because reason: String)
        async throws
    {
        try await service.transaction {
            _ = try await skip(id, for: consumer, by: operatorID, because: reason, in: $0)
        }
    }

    /// The same in a transaction, which afterwards acts as the event's owner.
    /// - Returns: the owner.
    @discardableResult
    public func skip(
        _ id: Event.ID, for consumer: String, by operatorID: String, because reason: String,
        in transaction: DatabaseTransaction
    ) async throws -> User.ID? {
        try await asOwner(of: id, for: consumer, in: transaction) {
            try await transaction.skipParkedEvent(
                now: now(), resolvedBy: operatorID, resolution: reason, consumer: consumer, eventID: id)
        }
    }

    /// Holds a consumer, or lets it go on; its events wait in the log.
    /// - Throws: ``EventLogError/notFound(_:)``.
    public func setPaused(_ isPaused: Bool, _ consumer: String) async throws {
        try await service.transaction { try await setPaused(isPaused, consumer, in: $0) }
    }

    /// The same in a transaction.
    public func setPaused(_ isPaused: Bool, _ consumer: String, in transaction: DatabaseTransaction)
        async throws
    {
        let now = now()
        guard
            try await transaction.pauseConsumer(pausedAt: isPaused ? now : nil, now: now, name: consumer)
                != nil
        else {
            throw try await missing("consumer", consumer, in: transaction)
        }
        bell.ring()
    }

    /// Why nothing was changed. Every service sees all consumers; which it moves, the database says.
    private func missing(
        _ what: String, _ consumer: String, in transaction: DatabaseTransaction
    ) async throws -> EventLogError {
        guard try await transaction.findConsumer(name: consumer) != nil else { return .notFound("consumer") }
        return try await transaction.mayMoveConsumer(name: consumer)
            ? .notFound(what) : .otherContext(consumer: consumer)
    }

    private func asOwner(
        of id: Event.ID, for consumer: String, in transaction: DatabaseTransaction,
        _ change: () async throws -> Int
    ) async throws -> User.ID? {
        guard let found = try await worker.findParkedEventOwner(consumer: consumer, eventID: id) else {
            throw EventLogError.notFound("event")
        }
        try await transaction.act(as: found.ownerID)
        guard try await change() > 0 else { throw try await missing("event", consumer, in: transaction) }
        // It rings a little after, when the transaction has ended as a rule; else the next look finds it.
        bell.ring()
        return found.ownerID
    }
}
