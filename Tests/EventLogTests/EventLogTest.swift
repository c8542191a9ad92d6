import DatabaseClient
import DatabaseTesting
import EventLog
import ExactTypes
import Foundation
import GroveTesting
import Logging
import PeriodicWork
import SharedTypes
import Synchronization
import Testing

/// All of these one after the other: an open transaction of one would hold back what another waits for.
@Suite(.serialized) enum EventLogSuite {}

/// A thing that was counted, for tests.
struct Counted: DomainEvent {
    static let type = "test.counted"
    static let version = 1
    var key: String { "\(number)" }
    let number: Int
    let occurredAt: Date

    init(_ number: Int) {
        self.number = number
        occurredAt = Date(timeIntervalSince1970: 1_700_000_000.25)
    }
}

/// A database with the log, a table of effects, and the log as gamification has it.
///
/// An open transaction in any database of a cluster holds back what consumers see as finished, so these tests have a
/// cluster of their own.
struct EventLogTest: Sendable {
    static let consumer = "gamification.test"
    private static let cluster = Task { try await TestCluster.dedicated() }

    let test: TestDatabase
    let log: EventLog
    /// How far its clock is behind.
    let ageSeconds: Double

    /// - Parameter ageSeconds: how far the log's clock is behind: so old is what it appends.
    static func with(ageSeconds: Double = 0, _ body: (EventLogTest) async throws -> Void) async throws {
        try await withTestDatabase(on: await cluster.value) { test in
            try await test.owner.script(
                """
                CREATE TABLE public.effects (
                    number int NOT NULL, user_id uuid, acting uuid, sequence int GENERATED ALWAYS AS IDENTITY);
                GRANT USAGE ON SCHEMA public TO gamification_service;
                GRANT SELECT, INSERT ON public.effects TO gamification_service;
                SELECT platform.let_append('gamification_service', '{test.counted}');
                SELECT platform.let_read('gamification_worker', '{test.counted}');
                """)
            try await body(
                EventLogTest(test: test, log: makeLog(test, ageSeconds: ageSeconds), ageSeconds: ageSeconds))
        }
    }

    /// The log as another process would have it, with pools of its own.
    static func makeLog(_ test: TestDatabase, ageSeconds: Double = 0) -> EventLog {
        EventLog(
            service: test.database(role: "gamification_service", maximumConnections: 8),
            worker: test.database(role: "gamification_worker"),
            logger: Logger(label: "events") { _ in SwiftLogNoOpLogHandler() },
            now: { Date(timeIntervalSinceNow: -ageSeconds) })
    }

    /// As gamification_service, past the log.
    var service: Database { test.database(role: "gamification_service") }

    func append(_ number: Int, of user: User.ID?, on database: Database) async throws {
        try await database.transaction(as: user?.uuid) {
            try await log.append(
                Counted(number),
                in: OperationContext(
                    user: user, transaction: $0, now: Date(timeIntervalSinceNow: -ageSeconds)))
        }
    }

    /// Stores what it meets.
    static let store = Statement(
        name: "test.effect",
        sql: "INSERT INTO public.effects (number, user_id, acting) VALUES ($1, $2, app.current_user_id())",
        access: .write)

    static func countingConsumer(
        partitions: Int = 1, before: @escaping @Sendable (Counted) async throws -> Void = { _ in }
    ) -> EventConsumer {
        EventConsumer(consumer, partitions: partitions).on(Counted.self) { counted, event, transaction in
            try await before(counted)
            var parameters = Parameters()
            try parameters.append(int4: counted.number)
            parameters.append(uuid: event.owner?.uuid)
            _ = try await transaction.execute(store, parameters)
        }
    }

    /// Runs a consumer while the body does.
    func consuming<T: Sendable>(
        _ consumer: EventConsumer,
        retries: RetryPolicy = RetryPolicy(maximumAttempts: 3, firstPauseSeconds: 0.05),
        pollInterval: Duration = .milliseconds(50), _ body: () async throws -> T
    ) async throws -> T {
        let service = EventConsumerService(consumer, log: log, retries: retries, pollInterval: pollInterval)
        let task = Task { try await service.run() }
        defer { task.cancel() }
        return try await body()
    }

    /// The numbers that had their effect, in the order in which they had it.
    func effects(of user: User.ID? = nil) async throws -> [Int] {
        let condition = user.map { "WHERE user_id = '\($0)'" } ?? ""
        return try await test.owner.query("SELECT number FROM public.effects \(condition) ORDER BY sequence")
            .many { try $0.int(0) }
    }

    /// Waits until so many effects are there, ten seconds at most.
    func waitForEffects(_ count: Int, seconds: Int = 10, sourceLocation: SourceLocation = #_sourceLocation)
        async throws
    {
        for _ in 0..<(seconds * 50) {
            if try await effects().count >= count { return }
            try await Task.sleep(for: .milliseconds(20))
        }
        Issue.record("\(try await effects().count) of \(count) effects", sourceLocation: sourceLocation)
    }
}
