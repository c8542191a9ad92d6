public import DatabaseClient
public import ExactTypes
public import Foundation
public import SharedTypes
import StrictJSON

/// An event as a consumer meets it.
public struct ConsumedEvent: Sendable {
    public let id: Event.ID
    /// The user whom it concerns, who is the acting one while it is handled.
    public let owner: User.ID?
    public let type: String
    public let version: Int
    public let key: String
    /// When it happened in the world.
    public let occurredAt: Date
    /// When it was told: what counts where somebody tells today of ten years.
    public let recordedAt: Date
    public let requestID: String?
    let payload: String

    init(_ row: LoggedEvent, payload: String) {
        (id, owner, type, version) = (row.id, row.ownerID, row.type, row.version)
        (key, occurredAt, recordedAt) = (row.key, row.occurredAt, row.createdAt)
        (requestID, self.payload) = (row.requestID, payload)
    }

    /// The operation of whoever handles the event: as its user, and for the request that it came of.
    /// - Parameter now: the moment of what is written: the handler's own, or the one at which the event was recorded.
    public func operation(in transaction: DatabaseTransaction, at now: Date) -> OperationContext {
        OperationContext(user: owner, transaction: transaction, now: now, requestID: requestID)
    }
}

/// Who reads the log for one purpose, and what it does at which event.
///
/// A handler's effect commits together with the consumer's place in the log, so it happens once. What a handler throws
/// undoes its effect alone: the event is tried again later and then parked, and that user's later events wait behind it.
/// Effects outside the database happen at least once: store them as rows, and send from these.
public struct EventConsumer: Sendable {
    typealias Handler = @Sendable (ConsumedEvent, DatabaseTransaction) async throws -> Void

    /// Context and purpose, as `gamification.quests`.
    public let name: String
    /// How many processes may share it, by a hash of the user, from 1 to 64. What is registered already stays.
    public let partitions: Int
    private(set) var handlers: [String: Handler] = [:]

    public init(_ name: String, partitions: Int = 1) {
        self.name = name
        self.partitions = partitions
    }

    /// What it does at an event of this type, in a transaction in which the event's user is the acting one.
    public func on<Event: DomainEvent>(
        _ type: Event.Type,
        do handle: @escaping @Sendable (Event, ConsumedEvent, DatabaseTransaction) async throws -> Void
    ) -> EventConsumer {
        var consumer = self
        consumer.handlers[Event.type] = { consumed, transaction in
            guard consumed.version <= Event.version else {
                throw EventLogError.unknownVersion(type: consumed.type, version: consumed.version)
            }
            try await handle(try JSONCoding.decode(type, from: consumed.payload), consumed, transaction)
        }
        return consumer
    }
}
