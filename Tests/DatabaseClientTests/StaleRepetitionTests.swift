import CoreMetrics
import Foundation
import Logging
import Synchronization
import Testing

@testable import DatabaseClient

/// A transaction that the client repeats by itself, since a table changed under its plans, and what may go wrong then.
@Suite(.timeLimit(.minutes(1))) struct StaleRepetitionTests {
    private static let rename = Statement(
        name: "rename", sql: "UPDATE profiles SET name = 'new' RETURNING name", access: .write)
    private static let count = Statement(name: "count", sql: "SELECT count(*) FROM visits", access: .read)
    private static let visit = Statement(
        name: "visit", sql: "INSERT INTO visits VALUES ($1)", access: .write)
    /// One takes much, and the other gives much.
    private static let note = Statement(
        name: "note", sql: "SELECT octet_length($1) + $2::int4", access: .read)
    private static let echo = Statement(name: "echo", sql: "SELECT repeat($1, $2::int4)", access: .read)
    /// Forgets all plans of its session at its second call ever: sequences are not undone.
    private static let disturb = Statement(name: "disturb", sql: "SELECT disturb()", access: .read)
    private static let lock = Statement(
        name: "lock", sql: "SELECT pg_advisory_xact_lock(7)", access: .read)

    private static let change = "ALTER TABLE profiles ALTER COLUMN name TYPE varchar(300)"

    /// One connection for transactions, on which `rename` is prepared.
    private func withWarmConnection(
        metrics: any MetricsFactory = MetricsSystem.factory,
        _ body: (Database, DatabaseConnection) async throws -> Void
    ) async throws {
        try await withDatabase(maximumConnections: 3, metrics: metrics) { database, connection in
            try await connection.script(
                """
                CREATE TABLE profiles (name varchar(80) NOT NULL);
                INSERT INTO profiles VALUES ('old');
                CREATE TABLE visits (id int PRIMARY KEY);
                CREATE SEQUENCE disturbances;
                CREATE FUNCTION disturb() RETURNS void LANGUAGE plpgsql
                AS $$ BEGIN IF nextval('disturbances') = 2 THEN DEALLOCATE ALL; END IF; END $$;
                """)
            try await database.transaction { _ = try await $0.execute(Self.rename, Parameters()) }
            try await connection.script("UPDATE profiles SET name = 'old'")
            try await body(database, connection)
            #expect(database.usage == (0, 0), "a connection leaked")
        }
    }

    private func number(_ value: Int) throws -> Parameters {
        var parameters = Parameters()
        try parameters.append(int4: value)
        return parameters
    }

    private func stored(_ connection: DatabaseConnection) async throws -> [String] {
        try await connection.query(
            "SELECT name::text FROM profiles UNION ALL SELECT id::text FROM visits ORDER BY 1"
        ).many { try $0.text(0) }
    }

    /// What was repeated of it is healthy for the server, which would commit it.
    @Test func aTransactionThatWasRepeatedInPartDoesNotCommit() async throws {
        try await withWarmConnection { database, connection in
            await expect(.transactionAborted) {
                try await database.transaction { transaction in
                    _ = try await transaction.execute(Self.visit, number(1))
                    _ = try await transaction.execute(Self.count, Parameters())
                    try await connection.script("INSERT INTO visits VALUES (2); \(Self.change)")
                    await expect(.stalePlan(statement: "rename")) {
                        try await transaction.execute(Self.rename, Parameters())
                    }
                }
            }
            let after = try await stored(connection)
            #expect(after == ["2", "old"])
        }
    }

    @Test func nothingMoreIsTakenByIt() async throws {
        try await withWarmConnection { database, connection in
            await expect(.transactionAborted) {
                try await database.transaction { transaction in
                    _ = try await transaction.execute(Self.count, Parameters())
                    try await connection.script("INSERT INTO visits VALUES (2); \(Self.change)")
                    _ = try? await transaction.execute(Self.rename, Parameters())
                    await expect(.transactionAborted) {
                        try await transaction.execute(Self.visit, number(3))
                    }
                    await expect(.transactionAborted) {
                        try await transaction.savepoint {}
                    }
                }
            }
            let after = try await stored(connection)
            #expect(after == ["2", "old"])
        }
    }

    /// The caller's statement violates nothing: it was an earlier one, which had succeeded before.
    @Test func aViolationByARepeatedStatementIsAStalePlan() async throws {
        try await withWarmConnection { database, connection in
            await expect(.stalePlan(statement: "rename")) {
                try await database.transaction { transaction in
                    _ = try await transaction.execute(Self.visit, number(1))
                    // It waits for the table, and has it as soon as the transaction is undone.
                    async let other: Void = connection.script(
                        "LOCK TABLE visits IN ACCESS EXCLUSIVE MODE; INSERT INTO visits VALUES (1)")
                    try await self.onAnother(of: database) { second in
                        try await self.waitForALock(second)
                        try await second.script(Self.change)
                    }
                    _ = try await transaction.execute(Self.rename, Parameters())
                    try await other
                }
            }
        }
    }

    /// A plan that is refused again, now by a statement that is being repeated.
    @Test func aRepeatedStatementMayMeetAStalePlanToo() async throws {
        try await withWarmConnection { database, connection in
            try await database.transaction { transaction in
                _ = try await transaction.execute(Self.count, Parameters())
                _ = try await transaction.execute(Self.disturb, Parameters())
                _ = try await transaction.execute(Self.count, Parameters())
                try await connection.script(Self.change)
                _ = try await transaction.execute(Self.rename, Parameters())
            }
            let after = try await stored(connection)
            #expect(after == ["new"])
            let calls = try await connection.query("SELECT last_value FROM disturbances").one {
                try $0.int(0)
            }
            #expect(calls == 3)
        }
    }

    /// It would run in the middle of what is being repeated, or ahead of it.
    @Test func aStatementBesideTheRepetitionIsRefused() async throws {
        try await withWarmConnection { database, connection in
            await expect(.transactionAborted) {
                try await database.transaction { transaction in
                    _ = try await transaction.execute(Self.lock, Parameters())
                    // It waits for the lock, and has it as soon as the transaction is undone.
                    async let other = connection.query("SELECT pg_advisory_lock(7)")
                    try await self.onAnother(of: database) { second in
                        try await self.waitForALock(second)
                        try await second.script(Self.change)
                    }
                    async let renamed = transaction.execute(Self.rename, Parameters())
                    _ = try await other
                    // Now the lock is repeated, and waits in its turn.
                    try await self.waitForALock(connection)
                    await expect(.stalePlan(statement: "rename")) {
                        try await transaction.execute(Self.visit, number(1))
                    }
                    await expect(.transactionAborted) {
                        try await transaction.savepoint {}
                    }
                    try await connection.query("SELECT pg_advisory_unlock(7)")
                    _ = try await renamed
                }
            }
            let after = try await stored(connection)
            #expect(after == ["old"])
        }
    }

    /// Whoever is cancelled between the refusal and the repetition leaves the session with plans that nobody knows of.
    @Test func aConnectionWhosePlansAreNotKnownIsNotLentAgain() async throws {
        let metrics = CancellingMetrics()
        try await withWarmConnection(metrics: metrics) { database, connection in
            try await connection.script(Self.change)
            await #expect(throws: CancellationError.self) {
                try await Task {
                    try await database.transaction { _ = try await $0.execute(Self.rename, Parameters()) }
                }.value
            }
            try await database.transaction { _ = try await $0.execute(Self.rename, Parameters()) }
            #expect(metrics.stalePlans == 1)
        }
    }

    /// What is kept for a repetition is kept until the transaction ends.
    @Test(arguments: [note, echo], [1_000, 1_000_000])
    func muchIsNotKeptForARepetition(_ statement: Statement, _ size: Int) async throws {
        try await withWarmConnection { database, connection in
            var parameters = Parameters()
            parameters.append(text: String(repeating: "x", count: statement.name == "note" ? size : 1))
            try parameters.append(int4: size)
            var failure: DatabaseError?
            do {
                try await database.transaction { [parameters] transaction in
                    _ = try await transaction.execute(statement, parameters)
                    try await connection.script(Self.change)
                    _ = try await transaction.execute(Self.rename, Parameters())
                }
            } catch { failure = error as? DatabaseError }
            #expect(failure == (size > 1_000 ? .stalePlan(statement: "rename") : nil))
            let after = try await stored(connection)
            #expect(after == [size > 1_000 ? "old" : "new"])
        }
    }

    /// As `#expect(throws:)`, which cannot stand within another.
    private func expect(
        _ error: DatabaseError, _ location: SourceLocation = #_sourceLocation,
        from body: () async throws -> some Any
    ) async {
        do {
            _ = try await body()
            Issue.record("nothing was thrown", sourceLocation: location)
        } catch let thrown {
            #expect(thrown as? DatabaseError == error, sourceLocation: location)
        }
    }

    private func onAnother(
        of database: Database, _ body: (DatabaseConnection) async throws -> Void
    ) async throws {
        let second = try await DatabaseConnection.connect(database.configuration.connectionString)
        try await body(second)
        await second.close()
    }

    /// Waits until some session of this database waits for a lock.
    private func waitForALock(_ connection: DatabaseConnection) async throws {
        try await waitUntil(connection, "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock'")
    }
}

/// Cancels the task that is about to repeat its transaction, the first time.
private final class CancellingMetrics: MetricsFactory, CounterHandler {
    private let count = Atomic(0)
    var stalePlans: Int { count.load(ordering: .relaxed) }

    func increment(by amount: Int64) {
        if count.add(1, ordering: .relaxed).newValue == 1 { withUnsafeCurrentTask { $0?.cancel() } }
    }
    func reset() {}

    func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        dimensions.contains { $0 == ("reason", "stale_plan") } ? self : NOOPMetricsHandler.instance
    }
    func makeRecorder(label: String, dimensions: [(String, String)], aggregate: Bool) -> any RecorderHandler {
        NOOPMetricsHandler.instance
    }
    func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        NOOPMetricsHandler.instance
    }
    func destroyCounter(_ handler: any CounterHandler) {}
    func destroyRecorder(_ handler: any RecorderHandler) {}
    func destroyTimer(_ handler: any TimerHandler) {}
}
