public import DatabaseClient
public import Foundation
public import Logging
public import SharedTypes

/// The log through which contexts meet, as one module sees it.
public struct EventLog: Sendable {
    /// Under the context's service role: effects, cursors, and what is put aside.
    let service: Database
    /// Under the context's worker role, which finds work across users.
    let worker: Database
    let bell: EventBell
    let now: @Sendable () -> Date
    let logger: Logger

    /// - Parameters:
    ///   - service: under the role `<context>_service`.
    ///   - worker: under the role `<context>_worker`.
    ///   - now: the clock that every row's times come from.
    public init(
        service: Database, worker: Database, logger: Logger, now: @escaping @Sendable () -> Date = { Date() }
    ) {
        self.service = service
        self.worker = worker
        self.now = now
        self.logger = logger
        bell = EventBell(database: service, logger: logger)
    }

    /// Appends an event in the writer's transaction: it is read when that commits, and never if it does not.
    ///
    /// - Parameters:
    ///   - owner: the user whom it concerns, who must be the acting one; nil for what concerns nobody alone.
    ///   - requestID: of the request that it came of, for whoever follows it.
    /// - Throws: ``DatabaseError`` with `events_natural_key` where the owner has an event of this type and key.
    public func append<Event: DomainEvent>(
        _ event: Event, of owner: User.ID?, in transaction: DatabaseTransaction, requestID: String? = nil
    ) async throws {
        let now = now()
        try await transaction.appendEvent(
            eventID: .version7(at: now), ownerID: owner, type: Event.type, version: Event.version,
            key: event.key,
            payload: try EventCoding.payload(event), requestID: requestID, occurredAt: event.occurredAt,
            now: now)
        bell.ring()
    }
}
