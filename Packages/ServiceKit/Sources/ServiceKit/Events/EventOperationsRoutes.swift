import DatabaseClient
import EventLog
import ExactTypes
import Foundation
import Hummingbird
import SharedTypes
import StrictJSON

/// `/v1/operator/{context}/consumers`: how far a context's consumers of events are, and what an operator does where
/// one is stuck.
struct EventOperationsRoutes {
    /// By the name of the context.
    let logs: [String: EventLog]
    let now: @Sendable () -> Date

    func add(to router: ServiceRouter) {
        let consumers = "/v1/operator/{context}/consumers"
        let consumer = "\(consumers)/{consumer}"
        router.get("\(consumers)", use: list)
        router.get("\(consumer)/parked", use: listParked)
        router.post("\(consumer)/parked/{event_id}/replay", use: replay)
        router.post("\(consumer)/parked/{event_id}/skip", use: skip)
        router.post("\(consumer)/pause") { try await setPaused(true, $0, $1) }
        router.post("\(consumer)/resume") { try await setPaused(false, $0, $1) }
    }

    @Sendable private func list(_ request: Request, _ context: ServiceContext) async throws -> Response {
        _ = try context.operator()
        let (name, log) = try log(context)
        try Fields.query(of: request).finish()
        // There are a few consumers, so that one page holds them all.
        let states = try await log.consumerStates().filter { $0.name.hasPrefix("\(name).") }
        return try .json(ListAnswer(items: states.map(ConsumerAnswer.init), next: nil))
    }

    @Sendable private func listParked(_ request: Request, _ context: ServiceContext) async throws -> Response
    {
        _ = try context.operator()
        let (log, consumer) = try consumer(context)
        let page = try Page.read(from: request, context)
        let events = try await log.parkedEvents(
            of: consumer, after: try page.after.map(EventPlace.init(cursor:)) ?? .beginning,
            limit: page.limit + 1)
        return try .json(
            ListAnswer(events, limit: page.limit, ParkedEventAnswer.init) { $0.place.cursor })
    }

    @Sendable private func replay(_ request: Request, _ context: ServiceContext) async throws -> Response {
        _ = try context.operator()
        let (log, consumer) = try consumer(context)
        let id = try context.identifier("event_id", Event.self)
        return try await change(request, context, log, operation: "replayParkedEvent", body: nil) {
            transaction in
            let owner = try await log.replay(id, for: consumer, in: transaction)
            return Audited(
                owner: owner, action: "platform.replay_event", entity: "platform.parked_event",
                id: id.description, after: ["consumer": .string(consumer), "status": .string("retrying")])
        }
    }

    @Sendable private func skip(_ request: Request, _ context: ServiceContext) async throws -> Response {
        let principal = try context.operator()
        let (log, consumer) = try consumer(context)
        let id = try context.identifier("event_id", Event.self)
        let body = try await Fields.body(of: request, context: context)
        let reason = try body.string("reason", length: 1...1_000)
        try body.finish()
        return try await change(request, context, log, operation: "skipParkedEvent", body: body) {
            transaction in
            let owner = try await log.skip(
                id, for: consumer, by: principal.userID.description, because: reason, in: transaction)
            return Audited(
                owner: owner, action: "platform.skip_event", entity: "platform.parked_event",
                id: id.description,
                after: [
                    "consumer": .string(consumer), "status": .string("skipped"), "reason": .string(reason),
                ])
        }
    }

    private func setPaused(_ isPaused: Bool, _ request: Request, _ context: ServiceContext) async throws
        -> Response
    {
        _ = try context.operator()
        let (log, consumer) = try consumer(context)
        let operation = isPaused ? "pauseConsumer" : "resumeConsumer"
        return try await change(request, context, log, operation: operation, body: nil) { transaction in
            try await log.setPaused(isPaused, consumer, in: transaction)
            return Audited(
                owner: nil, action: isPaused ? "platform.pause_consumer" : "platform.resume_consumer",
                entity: "platform.consumer", id: consumer, after: ["paused": .bool(isPaused)])
        }
    }

    /// What a change is written down as.
    private struct Audited {
        /// Whose data it is about. What concerns nobody stands with the operator's own entries.
        let owner: User.ID?
        let action: String
        let entity: String
        let id: String
        let after: [String: JSONValue]
    }

    /// Does the work once, writes it down as its owner, and answers with nothing.
    private func change(
        _ request: Request, _ context: ServiceContext, _ log: EventLog, operation: String, body: Fields?,
        _ work: (DatabaseTransaction) async throws -> Audited
    ) async throws -> Response {
        let operatorID = try context.operator().userID
        return try await Idempotency.perform(
            request, context, operation: operation, body: body, on: log.service, now: now()
        ) { operation in
            let audited = try await work(operation.transaction)
            let owner = audited.owner ?? operatorID
            // The answer is kept as the operator's.
            try await operation.acting(as: owner) { own in
                try await own.transaction.insertAuditEntry(
                    userID: owner, entryID: .version7(at: own.now), actorKind: .operator,
                    actor: operatorID.description, service: "platform", action: audited.action,
                    entity: audited.entity, entityID: audited.id, before: nil,
                    after: JSONValue.object(audited.after).text, requestID: own.requestID, now: own.now)
            }
            return .noContent
        }
    }

    /// The context that the path names and its log.
    private func log(_ context: ServiceContext) throws(Problem) -> (String, EventLog) {
        guard let name = context.parameters.get("context"), let log = logs[name] else {
            throw .notFound("context")
        }
        return (name, log)
    }

    /// The consumer that the path names, which is one of the context's, and the context's log.
    private func consumer(_ context: ServiceContext) throws(Problem) -> (EventLog, String) {
        let (prefix, log) = try log(context)
        guard let name = context.parameters.get("consumer"),
            name.wholeMatch(of: /[a-z][a-z0-9_.]{0,79}/) != nil, name.hasPrefix("\(prefix).")
        else { throw .notFound("consumer") }
        return (log, name)
    }
}

extension EventPlace {
    fileprivate var cursor: String {
        Cursor.encode([String(epoch), String(transactionNumber), String(position)])
    }

    fileprivate init(cursor: String) throws(Problem) {
        let (epoch, transactionNumber, position) = try Cursor.decode(
            cursor, as: Int32.self, Int.self, Int32.self)
        self.init(epoch: Int(epoch), transactionNumber: transactionNumber, position: Int(position))
    }
}
