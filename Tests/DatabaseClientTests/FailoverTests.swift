import DatabaseClient
import EmbeddedPostgres
import Foundation
import Logging
import Synchronization
import Testing

/// A primary and its synchronous standby, each a server of its own.
private struct ServerPair {
    let primary: EmbeddedPostgres
    let standby: EmbeddedPostgres
    private let folder: String

    static func start() async throws -> ServerPair {
        let folder = "/tmp/grove-pair-\(UUID().uuidString.prefix(8).lowercased())"
        let primary = try await EmbeddedPostgres.start(.init(dataDirectory: "\(folder)/a"))
        // Replication slots are not needed: the standby begins at once, and the pair lives for seconds.
        let cluster = "\(folder)/b/cluster"
        try FileManager.default.createDirectory(atPath: "\(folder)/b", withIntermediateDirectories: true)
        try await runProgram(
            try await EmbeddedPostgres.binary(named: "pg_basebackup"),
            [
                "--host", primary.socketDirectory, "--port", "\(primary.port)", "--username", "postgres",
                "--pgdata", cluster, "--write-recovery-conf", "--wal-method", "stream",
                "--checkpoint", "fast",
            ])
        try await give(cluster, to: primary)
        let standby = try await EmbeddedPostgres.start(.init(dataDirectory: "\(folder)/b"))
        let pair = ServerPair(primary: primary, standby: standby, folder: folder)
        try await pair.makeSynchronous()
        return pair
    }

    /// From here on a commit is acknowledged only when the standby has it on disk.
    private func makeSynchronous() async throws {
        let connection = try await DatabaseConnection.connect(primary.connectionString())
        try await connection.query("ALTER SYSTEM SET synchronous_standby_names = '*'")
        try await connection.query("SELECT pg_reload_conf()")
        await eventually("the standby does not follow") {
            try await connection.query("SELECT 1 FROM pg_stat_replication WHERE sync_state = 'sync'")
                .rowCount == 1
        }
        await connection.close()
    }

    /// libpq's form with both, of which it takes the one that can be written to.
    var address: String {
        "host=\(primary.socketDirectory),\(standby.socketDirectory) port=\(primary.port),\(standby.port) "
            + "dbname=postgres user=postgres target_session_attrs=read-write"
    }

    func stop() async {
        await primary.stop()
        await standby.stop()
        for name in ["a", "b"] { await EmbeddedPostgres.remove(dataDirectory: "\(folder)/\(name)") }
        try? FileManager.default.removeItem(atPath: folder)
    }
}

@Suite(.timeLimit(.minutes(2))) struct FailoverTests {
    private static let insert = Statement(name: "insert", sql: "INSERT INTO kept VALUES ($1)", access: .write)

    /// What eight writers saw; instants are of one clock.
    private final class Log: Sendable {
        struct State {
            var acknowledged: [Int: ContinuousClock.Instant] = [:]
            var failures: [String: Int] = [:]
            var isOver = false
        }
        let state = Mutex(State())
    }

    /// The promotion is timed from pg_promote()'s answer, when the standby takes writes, to the first write that
    /// was acknowledged after it. What remains is the client's: it notices, connects, and finds the one that
    /// can be written to, with pauses of at most half a second. The bound is 3 seconds.
    @Test func acknowledgedWritesSurviveAndWritesGoOn() async throws {
        let pair = try await ServerPair.start()
        let setUp = try await DatabaseConnection.connect(pair.primary.connectionString())
        try await setUp.script("CREATE TABLE kept (value int8)")
        await setUp.close()
        let database = Database(
            DatabaseConfiguration(
                connectionString: pair.address, maximumConnections: 6, acquireTimeout: .seconds(15)),
            logger: Logger(label: "failover"))
        let log = Log()
        let promoted = try await withThrowingTaskGroup(of: ContinuousClock.Instant?.self) { group in
            for writer in 0..<8 {
                group.addTask {
                    await Self.write(from: writer, on: database, log)
                    return nil
                }
            }
            group.addTask { try await Self.killAndPromote(pair, log) }
            return try await group.reduce(nil) { $0 ?? $1 }
        }
        let (acknowledged, failures) = log.state.withLock { ($0.acknowledged, $0.failures) }
        let after = acknowledged.values.filter { at in promoted.map { at > $0 } ?? false }.min()
        let gap = try #require(promoted.flatMap { promoted in after.map { $0 - promoted } })
        #expect(gap < .seconds(3))
        #expect(Set(failures.keys).isSubset(of: ["unavailable", "outcomeUnknown"]), "\(failures)")
        // That somebody met the kill in the middle of a write is likely and not sure; that both servers took writes is.
        let before = acknowledged.values.contains { at in promoted.map { at < $0 } ?? false }
        #expect(before, "no write was acknowledged before the promotion: the drill drilled nothing")

        let check = try await DatabaseConnection.connect(pair.standby.connectionString())
        let stored = try await check.query("SELECT value FROM kept").many { try $0.int(0) }
        await check.close()
        await database.close()
        await pair.stop()
        let lost = Set(acknowledged.keys).subtracting(stored)
        #expect(lost.isEmpty, "\(lost.count) of \(acknowledged.count) acknowledged writes are lost")
        #expect(stored.count == Set(stored).count, "a write ran twice")
    }

    private static func write(from writer: Int, on database: Database, _ log: Log) async {
        var value = writer
        while !log.state.withLock({ $0.isOver }) {
            value += 8
            do {
                let parameters = try ProxiedDatabase.number(value)
                if writer.isMultiple(of: 2) {
                    _ = try await database.execute(insert, parameters)
                } else {
                    try await database.transaction { _ = try await $0.execute(insert, parameters) }
                }
                let now = ContinuousClock.now
                log.state.withLock { [value] in $0.acknowledged[value] = now }
            } catch {
                let kind =
                    switch error as? DatabaseError {
                    case .unavailable: "unavailable"
                    case .outcomeUnknown: "outcomeUnknown"
                    default: "\(error)"
                    }
                log.state.withLock { $0.failures[kind, default: 0] += 1 }
            }
        }
    }

    /// - Returns: when the standby said that it takes writes.
    private static func killAndPromote(_ pair: ServerPair, _ log: Log) async throws -> ContinuousClock.Instant
    {
        defer { log.state.withLock { $0.isOver = true } }
        let watcher = try await DatabaseConnection.connect(pair.standby.connectionString())
        await eventually("nothing is written") { log.state.withLock { $0.acknowledged.count } > 500 }
        kill(pair.primary.processID, SIGKILL)
        // It is fenced: its supervisor may not start it again.
        await pair.primary.stop()
        try await Task.sleep(for: .milliseconds(500))
        let isPromoted = try await watcher.query("SELECT pg_promote()")[0].bool(0)
        let promoted = ContinuousClock.now
        #expect(isPromoted)
        await eventually("writes do not go on") {
            log.state.withLock { $0.acknowledged.values.count { $0 > promoted } } > 200
        }
        await watcher.close()
        return promoted
    }
}
