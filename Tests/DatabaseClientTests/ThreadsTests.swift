import Foundation
import Logging
import Testing

@testable import DatabaseClient

/// Several threads that divide a database's connections, as on a machine of many cores.
@Suite(.timeLimit(.minutes(1))) struct ThreadsTests {
    private static let double = Statement(name: "double", sql: "SELECT $1::int8 * 2", access: .read)
    private static let sessions = Statement(
        name: "sessions",
        sql: """
            SELECT count(*) FROM pg_stat_activity
            WHERE application_name = 'threads' AND datname = current_database()
            """, access: .read)

    private func withThreads(
        _ count: Int, maximumConnections: Int, _ body: (Database) async throws -> Void
    ) async throws {
        try await withDatabase { other, _ in
            var configuration = other.configuration
            configuration.maximumConnections = maximumConnections
            configuration.pipelinedConnections = max(1, min(count, maximumConnections - 1))
            configuration.applicationName = "threads"
            configuration.threads = (0..<count).map { _ in EpollExecutor() }
            let database = Database(configuration, logger: Logger(label: "test"))
            do { try await body(database) } catch {
                await database.close()
                throw error
            }
            #expect(database.usage == (0, 0), "a connection leaked")
            await database.close()
        }
    }

    @Test(arguments: [(3, 8), (3, 3), (5, 4)])
    func eachAnswersItsOwn(_ threads: Int, _ connections: Int) async throws {
        try await withThreads(threads, maximumConnections: connections) { database in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<300 {
                    group.addTask {
                        let parameters = try ProxiedDatabase.number(number)
                        let executor: any QueryExecutor =
                            number.isMultiple(of: 2) ? database : database.acting(as: UUID())
                        let seen = try await executor.execute(Self.double, parameters).one { try $0.int(0) }
                        #expect(seen == number * 2)
                        guard number.isMultiple(of: 10) else { return }
                        let inside = try await database.transaction(as: UUID()) { transaction in
                            _ = try await transaction.deferred.execute(Self.double, parameters)
                            return try await transaction.execute(Self.double, parameters).one {
                                try $0.int(0)
                            }
                        }
                        #expect(inside == number * 2)
                    }
                }
                try await group.waitForAll()
            }
            let open = try await database.execute(Self.sessions, Parameters()).one { try $0.int(0) }
            // One of few connections stays on one thread.
            #expect(
                (connections < 4 ? 1...connections : min(threads, connections - 1)...connections).contains(
                    open))
        }
    }
}
