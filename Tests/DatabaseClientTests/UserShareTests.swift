import Foundation
import Testing

@testable import DatabaseClient

/// One user's transactions leave connections to the others', however many of them wait.
@Suite(.timeLimit(.minutes(1))) struct UserShareTests {
    private static let touch = Statement(
        name: "touch", sql: "UPDATE shelves SET touched = touched + 1 WHERE id = 1", access: .write)
    private static let put = Statement(
        name: "put", sql: "UPDATE shelves SET touched = touched + 1 WHERE id = 2", access: .write)

    /// Fourteen connections for transactions, a row that is held, and twenty transactions of one user that want it.
    private func withAHeldRow(
        acquireTimeout: Duration = .seconds(30),
        _ body: (_ database: Database, _ holder: DatabaseConnection, _ requests: [Task<Void, any Error>])
            async throws -> Void
    ) async throws {
        try await withDatabase(maximumConnections: 16, acquireTimeout: acquireTimeout) {
            database, connection in
            try await connection.script(
                """
                CREATE TABLE shelves (id int PRIMARY KEY, touched int NOT NULL);
                INSERT INTO shelves VALUES (1, 0), (2, 0);
                """)
            let holder = try await DatabaseConnection.connect(database.configuration.connectionString)
            try await holder.script("BEGIN; UPDATE shelves SET touched = touched WHERE id = 1")
            let user = UUID()
            let requests = (0..<20).map { _ in
                Task {
                    try await database.transaction(as: user) {
                        _ = try await $0.execute(Self.touch, Parameters())
                    }
                }
            }
            // The share is half: seven wait for the row, each on a connection, and thirteen for their turn.
            try await until { database.usage == (7, 13) }
            try await waitUntil(
                connection,
                """
                SELECT FROM pg_database WHERE 7 = (
                    SELECT count(*) FROM pg_stat_activity AS a
                    WHERE a.wait_event_type = 'Lock' AND a.datname = current_database())
                """)
            try await body(database, holder, requests)
            await holder.close()
            #expect(database.usage == (0, 0), "a connection leaked")
        }
    }

    private func until(_ holds: () -> Bool) async throws {
        while !holds() { try await Task.sleep(for: .milliseconds(5)) }
    }

    @Test func othersGoOnAndTheirsComeInTurn() async throws {
        try await withAHeldRow { database, holder, requests in
            for user in [UUID(), nil] {
                try await database.transaction(as: user) { _ = try await $0.execute(Self.put, Parameters()) }
            }
            // As many at once as there are connections left.
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<21 {
                    group.addTask {
                        try await database.transaction(as: UUID()) {
                            _ = try await $0.execute(Self.put, Parameters())
                        }
                    }
                }
                try await group.waitForAll()
            }
            #expect(database.usage == (7, 13))
            try await holder.script("COMMIT")
            for request in requests { try await request.value }
            let touched = try await holder.query("SELECT touched FROM shelves ORDER BY id").many {
                try $0.int(0)
            }
            #expect(touched == [20, 23])
        }
    }

    @Test func whoIsCancelledLeavesTheLine() async throws {
        try await withAHeldRow { database, holder, requests in
            for request in requests { request.cancel() }
            for request in requests {
                await #expect(throws: CancellationError.self) { try await request.value }
            }
            try await holder.script("COMMIT")
        }
    }

    @Test func whoWaitsTooLongForTheirTurnIsTold() async throws {
        try await withAHeldRow(acquireTimeout: .seconds(2)) { database, holder, requests in
            var refused = 0
            try await until { database.usage == (7, 0) }
            try await holder.script("COMMIT")
            for request in requests {
                do { try await request.value } catch DatabaseError.poolTimeout { refused += 1 }
            }
            #expect(refused == 13)
        }
    }
}
