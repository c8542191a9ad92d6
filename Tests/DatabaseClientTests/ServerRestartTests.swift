import DatabaseClient
import DatabaseTesting
import EmbeddedPostgres
import Foundation
import Logging
import Synchronization
import Testing

/// The server of a running program goes away and comes back.
@Suite(.timeLimit(.minutes(1))) struct ServerRestartTests {
    private static let read = Statement(name: "read", sql: "SELECT count(*) FROM kept", access: .read)
    private static let insert = Statement(name: "insert", sql: "INSERT INTO kept VALUES ($1)", access: .write)

    private final class Log: Sendable {
        let acknowledged = Mutex<Set<Int>>([])
        let outcomes = Mutex<[String: Int]>([:])
        let isBack = Mutex(false)
    }

    /// SIGQUIT ends every session at once, and the supervisor starts the server again.
    @Test(arguments: [SIGQUIT, SIGKILL])
    func theProgramGoesOn(signal: Int32) async throws {
        let cluster = try await TestCluster.dedicated(durable: true)
        let url = cluster.connectionString(database: "postgres")
        let setUp = try await DatabaseConnection.connect(url)
        try await setUp.script("CREATE TABLE kept (value int8)")
        await setUp.close()
        let database = Database(
            DatabaseConfiguration(
                connectionString: url, maximumConnections: 5, applicationName: "goes on",
                acquireTimeout: .seconds(20)),
            logger: Logger(label: "restart"))
        let killed = cluster.server.processID
        let log = Log()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for writer in 0..<4 {
                group.addTask {
                    var value = writer
                    while !log.isBack.withLock({ $0 }) {
                        value += 4
                        let outcome = await within {
                            try await Self.write(
                                value, transactionally: writer.isMultiple(of: 2), on: database)
                        }
                        if outcome.isSuccess { log.acknowledged.withLock { _ = $0.insert(value) } }
                        log.outcomes.withLock {
                            $0[outcome.failure.map(Self.kind) ?? "done", default: 0] += 1
                        }
                    }
                }
            }
            // A read is repeated, so that it never hears of the restart.
            group.addTask {
                while !log.isBack.withLock({ $0 }) { _ = try await database.execute(Self.read, Parameters()) }
            }
            group.addTask {
                try await Task.sleep(for: .milliseconds(200))
                kill(killed, signal)
                await eventually("the supervisor starts no other server") {
                    ![0, killed].contains(cluster.server.processID)
                }
                let before = log.acknowledged.withLock { $0.count }
                await eventually("writes do not go on") {
                    log.acknowledged.withLock { $0.count } > before + 20
                }
                log.isBack.withLock { $0 = true }
            }
            try await group.waitForAll()
        }
        let told = log.outcomes.withLock { $0 }
        #expect(Set(told.keys).isSubset(of: ["done", "unavailable", "outcomeUnknown"]), "\(told)")

        let check = try await DatabaseConnection.connect(url)
        let stored = try await check.query("SELECT value FROM kept").many { try $0.int(0) }
        #expect(log.acknowledged.withLock { $0 }.isSubset(of: stored), "an acknowledged write is lost")
        #expect(stored.count == Set(stored).count, "a write ran twice")
        let sessions = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'goes on'"
        let open = try await check.query(sessions)[0].int(0)
        #expect((1...5).contains(open))
        await database.close()
        await eventually("a session stayed") { try await check.query(sessions)[0].int(0) == 0 }
        await check.close()
        await cluster.stop()
    }

    private static func write(_ value: Int, transactionally: Bool, on database: Database) async throws {
        let parameters = try ProxiedDatabase.number(value)
        if transactionally {
            try await database.transaction { _ = try await $0.execute(insert, parameters) }
        } else {
            _ = try await database.execute(insert, parameters)
        }
    }

    private static func kind(_ error: DatabaseError) -> String {
        switch error {
        case .unavailable: "unavailable"
        case .outcomeUnknown: "outcomeUnknown"
        default: "\(error)"
        }
    }
}
