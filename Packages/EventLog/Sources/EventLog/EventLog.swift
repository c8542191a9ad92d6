public import DatabaseClient
public import ExactTypes
public import Foundation
public import Logging
public import SharedTypes
import StrictJSON

/// The log through which contexts meet, as one module sees it.
public struct EventLog: Sendable {
    /// Under the context's service role: effects, cursors, and what is put aside.
    public let service: Database
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

    /// Appends an event in the operation's transaction: it is read when that commits, and never if it does not. It is
    /// the acting user's, or no user's where the platform acts, and carries the operation's moment and request.
    ///
    /// It goes out with the next statement of the transaction that is awaited, or with COMMIT, and there violates
    /// `events_natural_key` where the owner has an event of this type and key.
    public func append<Event: DomainEvent>(_ event: Event, in context: OperationContext) async throws {
        try await append([event], in: context)
    }

    /// The same for several events, in one statement and in their order.
    public func append<Event: DomainEvent>(_ events: [Event], in context: OperationContext) async throws {
        guard !events.isEmpty else { return }
        let rows = try events.map {
            NewEvent(
                id: .version7(at: context.now), key: $0.key, payload: try JSONCoding.text($0),
                occurredAt: $0.occurredAt)
        }
        try await context.transaction.deferred.appendEvents(
            rows, ownerID: context.actingUser, type: Event.type, version: Event.version,
            requestID: context.requestID, now: context.now)
        bell.ring()
    }
}
