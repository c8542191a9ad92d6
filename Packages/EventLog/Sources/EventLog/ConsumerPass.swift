import DatabaseClient
import ExactTypes
import Foundation
import Logging
import SharedTypes

/// One look of one partition: what is due again, and then the next events, in one transaction that holds the
/// partition's cursor. Effects and cursor commit together; a process that dies leaves both as they were.
struct ConsumerPass {
    /// Small, since the rows that handlers lock stay locked until all of them are done.
    static let eventsAtOnce = 50

    let consumer: EventConsumer
    let partition: Int
    let partitions: Int
    let log: EventLog
    let retries: RetryPolicy
    /// Whether each handler runs between savepoints, so that what it throws undoes its effect alone. They are half of the
    /// round trips of a small handler, so a pass reads on without them; where one throws, all is undone and run again.
    let usesSavepoints: Bool
    let transaction: DatabaseTransaction
    private var heldBack: Set<User.ID> = []
    private(set) var handled = 0
    private(set) var failed = 0
    private var triedAgain = 0

    init(
        _ consumer: EventConsumer, partition: Int, of partitions: Int, log: EventLog, retries: RetryPolicy,
        usesSavepoints: Bool, in transaction: DatabaseTransaction
    ) {
        self.consumer = consumer
        self.partition = partition
        self.partitions = partitions
        self.log = log
        self.retries = retries
        self.usesSavepoints = usesSavepoints
        self.transaction = transaction
    }

    /// - Returns: whether there may be more to do at once.
    mutating func run() async throws -> Bool {
        // Who holds the cursor has the partition to itself. Another process that has it does the work.
        guard let place = try await transaction.claimCursor(consumer: consumer.name, partition: partition)
        else {
            return false
        }
        let due = try await log.worker.listDueParkedEvents(
            consumer: consumer.name, partition: partition, partitions: partitions, now: log.now(),
            rowLimit: Self.eventsAtOnce)
        for parked in due { try await again(parked.eventID, of: parked.ownerID) }
        let isMore = try await readOn(from: place)
        // What was tried again may have let the next of its user go.
        return isMore || triedAgain > 0
    }

    private mutating func readOn(from place: ConsumerCursorRow) async throws -> Bool {
        // What was read and removed leaves an end that lies before the place; a place never goes back.
        guard let end = try await log.worker.findReadableEnd(),
            (place.epoch, place.transactionNumber, place.position)
                < (end.epoch, end.transactionNumber, end.position)
        else { return false }
        let rows = try await log.worker.readEvents(
            epoch: place.epoch, transactionNumber: place.transactionNumber, position: place.position,
            endEpoch: end.epoch, endTransactionNumber: end.transactionNumber, endPosition: end.position,
            partition: partition, partitions: partitions, rowLimit: Self.eventsAtOnce)
        let (worker, consumer, owners) = (log.worker, consumer, Array(Set(rows.compactMap(\.ownerID))))
        async let held = worker.listHeldBackUsers(consumer: consumer.name, ownerIDs: owners)
        let payloads = try await payloads(of: rows)
        heldBack = Set(try await held)
        for row in rows { try await handle(row, payloads) }
        let isMore = rows.count == Self.eventsAtOnce
        // Where nothing more of this partition lies before the end, the cursor goes there, past what others read.
        let last = isMore ? rows.last : nil
        try await transaction.moveCursor(
            epoch: last?.epoch ?? end.epoch,
            transactionNumber: last?.transactionNumber ?? end.transactionNumber,
            position: last?.position ?? end.position, handled: handled, now: log.now(),
            consumer: consumer.name, partition: partition)
        return isMore
    }

    /// Of those that this consumer handles. One that the context may not read, by its rights, is left out.
    private func payloads(of rows: [LoggedEvent]) async throws -> [Event.ID: String] {
        let ids = rows.filter { consumer.handlers[$0.type] != nil }.map(\.id)
        guard !ids.isEmpty else { return [:] }
        return try await log.worker.readPayloads(eventIDs: ids).reduce(into: [:]) {
            $0[$1.eventID] = $1.payload
        }
    }

    private mutating func handle(_ row: LoggedEvent, _ payloads: [Event.ID: String]) async throws {
        guard consumer.handlers[row.type] != nil else { return }
        if let owner = row.ownerID, heldBack.contains(owner) {
            try await transaction.act(as: owner)
            return try await park(row, .held, attempts: 0, error: nil, nextAttemptAt: nil)
        }
        guard let error = try await attempt(row, payloads, usesSavepoints: usesSavepoints) else { return }
        if let owner = row.ownerID { heldBack.insert(owner) }
        let (status, next) = nextAttempt(after: 1)
        try await park(row, status, attempts: 1, error: Self.errorSummary(error), nextAttemptAt: next)
    }

    /// Tries an event that was put aside.
    private mutating func again(_ id: Event.ID, of owner: User.ID?) async throws {
        try await transaction.act(as: owner)
        guard let parked = try await transaction.lockParkedEvent(consumer: consumer.name, eventID: id),
            parked.resolvedAt == nil, let row = try await transaction.findEvent(eventID: id)
        else { return }
        triedAgain += 1
        if let error = try await attempt(row, try await payloads(of: [row]), usesSavepoints: true) {
            let (status, next) = nextAttempt(after: parked.attempts + 1)
            return try await transaction.retryParkedEvent(
                status: status, error: Self.errorSummary(error), nextAttemptAt: next, now: log.now(),
                consumer: consumer.name, eventID: id)
        }
        _ = try await transaction.resolveParkedEvent(
            now: log.now(), consumer: consumer.name, eventID: id)
    }

    /// Runs the handler as the event's user.
    /// - Returns: what it threw, after its effect was undone.
    /// - Throws: what concerns the whole transaction: the connection, a deadlock, a cancellation; without
    ///   care, all that the handler throws.
    private mutating func attempt(
        _ row: LoggedEvent, _ payloads: [Event.ID: String], usesSavepoints: Bool
    ) async throws -> (any Error)? {
        guard let handler = consumer.handlers[row.type] else { return nil }
        try await transaction.act(as: row.ownerID)
        let transaction = transaction
        func handle() async throws {
            guard let payload = payloads[row.id] else {
                throw EventLogError.payloadNotReadable(type: row.type)
            }
            try await handler(ConsumedEvent(row, payload: payload), transaction)
        }
        guard usesSavepoints else {
            try await handle()
            handled += 1
            return nil
        }
        do {
            try await transaction.savepoint { try await handle() }
            handled += 1
            return nil
        } catch let error where Self.concernsTheTransaction(error) {
            throw error
        } catch {
            failed += 1
            log.logger.warning(
                "an event was not handled",
                metadata: [
                    "consumer": "\(consumer.name)", "event": "\(row.id)",
                    "reason": "\(Self.errorSummary(error))",
                ])
            return error
        }
    }

    private func park(
        _ row: LoggedEvent, _ status: ParkedEventStatus, attempts: Int, error: String?, nextAttemptAt: Date?
    ) async throws {
        try await transaction.parkEvent(
            consumer: consumer.name, eventID: row.id, ownerID: row.ownerID, epoch: row.epoch,
            transactionNumber: row.transactionNumber, position: row.position, status: status,
            attempts: attempts,
            error: error, nextAttemptAt: nextAttemptAt, now: log.now())
    }

    private func nextAttempt(after attempts: Int) -> (ParkedEventStatus, Date?) {
        guard let pause = retries.pauseSeconds(after: attempts) else { return (.parked, nil) }
        return (.retrying, log.now().addingTimeInterval(pause))
    }

    private static func concernsTheTransaction(_ error: any Error) -> Bool {
        guard let error = error as? DatabaseError else { return error is CancellationError }
        switch error {
        case .server: return error.isSerializationFailure
        case .unavailable, .outcomeUnknown, .stalePlan, .poolTimeout, .poolQueueFull, .poolClosed,
            .transactionClosed,
            .transactionAborted:
            return true
        case .decoding, .encoding, .unexpectedRowCount: return false
        }
    }

    /// Short, and without values: messages of PostgreSQL quote only names, and its details are dropped.
    static func errorSummary(_ error: any Error) -> String { String("\(error)".prefix(1_000)) }
}

extension DatabaseTransaction {
    /// Acts as a user, or as nobody.
    func act(as owner: User.ID?) async throws {
        if let owner {
            try await act(as: owner.uuid)
        } else {
            try await self.actAsNobody()
        }
    }
}
