import ContractKit
import DatabaseClient
import EventLog
import ExactTypes
import Foundation
package import ServiceKitContract
import SharedTypes
import StrictJSON

/// `/v1/operator/{context}/consumers`: how far a context's consumers of events are, and what an operator does where
/// one is stuck.
struct EventOperationsRoutes {
    private typealias API = ServiceKitAPI

    /// By the name of the context.
    let logs: [String: EventLog]
    let now: @Sendable () -> Date

    func add(to router: ServiceRouter) {
        EndpointRoutes.read(API.ListConsumers.self, in: router, now: now, list)
        EndpointRoutes.read(API.ListParkedEvents.self, in: router, now: now, listParked)
        once(API.ReplayParkedEvent.self, in: router, context: \.context, replay)
        once(API.SkipParkedEvent.self, in: router, context: \.context, skip)
        once(API.PauseConsumer.self, in: router, context: \.context) { call, operation in
            let (log, consumer) = try consumer(call.parameters.consumer, of: call.parameters.context)
            try await setPaused(true, consumer, of: log, by: call.user, in: operation)
            return .noContent
        }
        once(API.ResumeConsumer.self, in: router, context: \.context) { call, operation in
            let (log, consumer) = try consumer(call.parameters.consumer, of: call.parameters.context)
            try await setPaused(false, consumer, of: log, by: call.user, in: operation)
            return .noContent
        }
    }

    /// On the database of the context that the path names.
    private func once<E: IdempotentEndpoint>(
        _ endpoint: E.Type, in router: ServiceRouter,
        context: @escaping @Sendable (E.Parameters) -> String,
        _ handler: @escaping @Sendable (Call<E>, OperationContext) async throws -> E.Output
    ) {
        EndpointRoutes.once(
            endpoint, in: router, now: now, on: { try log(of: context($0.parameters)).service }, handler)
    }

    @Sendable private func list(_ call: Call<API.ListConsumers>) async throws -> API.ListConsumers.Output {
        let prefix = call.parameters.context
        // There are a few consumers, so that one page holds them all.
        let states = try await log(of: prefix).consumerStates().filter { $0.name.hasPrefix("\(prefix).") }
        return .ok(ListPage(items: states.map(ServiceKitAPI.Consumer.init), next: nil))
    }

    @Sendable private func listParked(
        _ call: Call<API.ListParkedEvents>
    ) async throws -> API.ListParkedEvents.Output {
        let (log, consumer) = try consumer(call.parameters.consumer, of: call.parameters.context)
        let page = try call.page(Int32.self, Int.self, Int32.self)
        let after = page.after.map { epoch, transaction, position in
            EventPlace(epoch: Int(epoch), transactionNumber: transaction, position: Int(position))
        }
        let events = try await log.parkedEvents(
            of: consumer, after: after ?? .beginning, limit: page.rowLimit)
        return .ok(
            try page.answer(events, ServiceKitAPI.ParkedEvent.init) {
                (Int32($0.place.epoch), $0.place.transactionNumber, Int32($0.place.position))
            })
    }

    @Sendable private func replay(
        _ call: Call<API.ReplayParkedEvent>, _ operation: OperationContext
    ) async throws -> API.ReplayParkedEvent.Output {
        let (log, consumer) = try consumer(call.parameters.consumer, of: call.parameters.context)
        let id = call.parameters.eventID
        let owner = try await log.replay(id, for: consumer, in: operation.transaction)
        let audited = Audited(
            owner: owner, action: "platform.replay_event", entity: "platform.parked_event",
            id: id.description, after: ["consumer": .string(consumer), "status": .string("retrying")])
        try await write(down: audited, by: call.user, in: operation)
        return .noContent
    }

    @Sendable private func skip(
        _ call: Call<API.SkipParkedEvent>, _ operation: OperationContext
    ) async throws -> API.SkipParkedEvent.Output {
        let (log, consumer) = try consumer(call.parameters.consumer, of: call.parameters.context)
        let (id, reason) = (call.parameters.eventID, call.body.reason)
        let owner = try await log.skip(
            id, for: consumer, by: call.user.description, because: reason, in: operation.transaction)
        let audited = Audited(
            owner: owner, action: "platform.skip_event", entity: "platform.parked_event",
            id: id.description,
            after: [
                "consumer": .string(consumer), "status": .string("skipped"), "reason": .string(reason),
            ])
        try await write(down: audited, by: call.user, in: operation)
        return .noContent
    }

    private func setPaused(
        _ isPaused: Bool, _ consumer: String, of log: EventLog, by operatorID: User.ID,
        in operation: OperationContext
    ) async throws {
        try await log.setPaused(isPaused, consumer, in: operation.transaction)
        let audited = Audited(
            owner: nil, action: isPaused ? "platform.pause_consumer" : "platform.resume_consumer",
            entity: "platform.consumer", id: consumer, after: ["paused": .bool(isPaused)])
        try await write(down: audited, by: operatorID, in: operation)
    }

    /// What a change is written down as.
    private struct Audited {
        /// Whose data it is about. What concerns no user stands with the operator's own entries.
        let owner: User.ID?
        let action: String
        let entity: String
        let id: String
        let after: [String: JSONValue]
    }

    /// Writes an entry of the audit as its owner; the answer is kept as the operator's.
    private func write(
        down audited: Audited, by operatorID: User.ID, in operation: OperationContext
    ) async throws {
        let owner = audited.owner ?? operatorID
        try await operation.acting(as: owner) { own in
            try await own.transaction.insertAuditEntry(
                userID: owner, entryID: .version7(at: own.now), actorKind: .operator,
                actor: operatorID.description, service: "platform", action: audited.action,
                entity: audited.entity, entityID: audited.id, before: nil,
                after: JSONValue.object(audited.after).text, requestID: own.requestID, now: own.now)
        }
    }

    /// The log of the context that the path names.
    private func log(of context: String) throws(Problem) -> EventLog {
        guard let log = logs[context] else { throw .notFound("context") }
        return log
    }

    /// The consumer that the path names, which is one of the context's, and the context's log.
    private func consumer(_ name: String, of context: String) throws(Problem) -> (EventLog, String) {
        let log = try log(of: context)
        guard name.hasPrefix("\(context).") else { throw .notFound("consumer") }
        return (log, name)
    }
}
