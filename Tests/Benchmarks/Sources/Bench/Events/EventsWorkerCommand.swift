import ArgumentParser
import DatabaseClient
import EventLog
import ExactTypes
import Foundation
import Logging
import PeriodicWork
import SharedTypes

/// One process of `bench events`: writers, which print one line of JSON at their end, or consumers, which go on until
/// standard input ends.
struct EventsWorkerCommand: AsyncParsableCommand {
    enum Role: String, ExpressibleByArgument { case append, consume }

    static let configuration = CommandConfiguration(
        commandName: "events-worker", abstract: "Appends events, or consumes them.", shouldDisplay: false)

    /// As in a service: what stands under this name in the cursors' table.
    static let consumer = "gamification.bench"

    @Argument var role: Role
    @Option(help: "The database, as gamification_service.") var service: String
    @Option(help: "The database, as gamification_worker.") var worker: String
    @Option(help: "Through the bare queue, so many rows at once, and not the log.") var queueBatch: Int?
    @Option(help: "Events to append.") var count = 0
    @Option(help: "Concurrent writers.") var writers = 16
    @Option(help: "Events a second, at even intervals; as fast as the writers can unless said.")
    var rate: Double?
    @Option(help: "Partitions of the log's consumer, or tasks that poll the queue.") var consumers = 1
    @Option(help: "How often the queue is polled while it is empty.") var pollMilliseconds = 10

    func run() async throws {
        let logger = Logger(label: "bench", factory: { StreamLogHandler.standardError(label: $0) })
        let database = Database(
            DatabaseConfiguration(connectionString: service, maximumConnections: writers + 2), logger: logger)
        let log = EventLog(
            service: database,
            worker: Database(
                DatabaseConfiguration(connectionString: worker, maximumConnections: 4), logger: logger),
            logger: logger)
        switch role {
        case .append:
            let start = ContinuousClock.now
            try await append(through: log, BareQueue(database: database), on: database)
            let seconds = (ContinuousClock.now - start) / .seconds(1)
            let line = try JSONEncoder().encode(Measurement(operations: count, seconds: seconds))
            print(String(decoding: line, as: UTF8.self))
        case .consume:
            Self.endWithStandardInput()
            if let queueBatch {
                try await poll(BareQueue(database: database), batch: queueBatch)
            } else {
                try await EventConsumerService(handler, log: log).run()
            }
        }
    }

    // MARK: - Consuming

    private var handler: EventConsumer {
        EventConsumer(Self.consumer, partitions: consumers)
            .on(TransactionPosted.self) { posted, event, transaction in
                try await Effect.store(posted, of: event.owner?.uuid, in: transaction)
            }
    }

    private func poll(_ queue: BareQueue, batch: Int) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<consumers {
                group.addTask {
                    try await queue.work(batch: batch, poll: .milliseconds(pollMilliseconds))
                }
            }
            try await group.waitForAll()
        }
    }

    /// So that nobody consumes on when the orchestrator has died.
    private static func endWithStandardInput() {
        Thread.detachNewThread {
            _ = try? FileHandle.standardInput.readToEnd()
            Foundation.exit(0)
        }
    }

    // MARK: - Appending

    private func append(through log: EventLog, _ queue: BareQueue, on database: Database) async throws {
        let portfolio = Portfolio.ID.version7(at: Date())
        let instrument = Instrument.ID.version7(at: Date())
        let currency = try Currency(parsing: "EUR")
        @Sendable func one(_ number: Int) async throws {
            let user = try Self.user(number)
            let posted = TransactionPosted(
                transactionID: .version7(at: Date()), portfolioID: portfolio, kind: .buy,
                instrumentID: instrument, isInstrumentShared: true, quantity: nil,
                grossAmount: FixedDecimal(250), currency: currency,
                executedAt: Date())
            try await database.transaction(as: user) { transaction in
                try await Effect.write(posted.transactionID.uuid, of: user, in: transaction)
                if queueBatch == nil {
                    try await log.append(
                        posted,
                        in: OperationContext(user: User.ID(user), transaction: transaction, now: Date()))
                } else {
                    try await queue.append(posted, of: user, in: transaction)
                }
            }
        }
        if let rate { try await append(at: rate, one) } else { try await appendAtOnce(one) }
    }

    private func appendAtOnce(_ one: @escaping @Sendable (Int) async throws -> Void) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for writer in 0..<writers {
                group.addTask {
                    for number in stride(from: writer, to: count, by: writers) { try await one(number) }
                }
            }
            try await group.waitForAll()
        }
    }

    /// Each at its time, however long the ones before it take.
    private func append(at rate: Double, _ one: @escaping @Sendable (Int) async throws -> Void) async throws {
        let start = ContinuousClock.now
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<count {
                let time = start.advanced(by: .seconds(Double(number) / rate))
                try await Task.sleep(until: time, tolerance: .zero)
                group.addTask { try await one(number) }
            }
            try await group.waitForAll()
        }
    }

    /// One of the thousand users of `Peers/events.sql`, in turn.
    private static func user(_ number: Int) throws -> UUID {
        let hexadecimal = String(number % 1_000, radix: 16)
        let text =
            "00000000-0000-7000-8000-" + String(repeating: "0", count: 12 - hexadecimal.count) + hexadecimal
        guard let user = UUID(uuidString: text) else { throw BenchFailure(message: text) }
        return user
    }
}
