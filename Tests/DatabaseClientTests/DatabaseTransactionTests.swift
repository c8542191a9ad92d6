import DatabaseClient
import Foundation
import Testing

@Suite struct DatabaseTransactionTests {
    struct Refused: Error {}

    static let insert = Statement(name: "insert", sql: "INSERT INTO entries VALUES ($1)", access: .write)
    static let count = Statement(name: "count", sql: "SELECT count(*) FROM entries", access: .read)

    private func entry(_ value: Int) throws -> Parameters {
        var parameters = Parameters()
        try parameters.append(int4: value)
        return parameters
    }

    private func withEntries(_ body: (Database, DatabaseConnection) async throws -> Void) async throws {
        try await withDatabase { database, connection in
            try await connection.script("CREATE TABLE entries (value int PRIMARY KEY)")
            try await body(database, connection)
            #expect(database.usage == (0, 0), "a connection leaked")
        }
    }

    private func entries(_ connection: DatabaseConnection) async throws -> [Int] {
        try await connection.query("SELECT value FROM entries ORDER BY 1").many { try $0.int(0) }
    }

    @Test func itCommitsOnReturnAndRollsBackOnThrow() async throws {
        try await withEntries { database, connection in
            try await database.transaction { _ = try await $0.execute(Self.insert, entry(1)) }
            await #expect(throws: Refused.self) {
                try await database.transaction { transaction in
                    _ = try await transaction.execute(Self.insert, entry(2))
                    throw Refused()
                }
            }
            let stored = try await entries(connection)
            #expect(stored == [1])
        }
    }

    @Test func aSwallowedFailureDoesNotPassForACommit() async throws {
        try await withEntries { database, connection in
            await #expect(throws: DatabaseError.transactionAborted) {
                try await database.transaction { transaction in
                    _ = try await transaction.execute(Self.insert, entry(1))
                    _ = try? await transaction.execute(Self.insert, entry(1))
                }
            }
            let stored = try await entries(connection)
            #expect(stored == [])
        }
    }

    @Test func nothingIsSentAfterTheEnd() async throws {
        try await withEntries { database, connection in
            let escaped = try await database.transaction { $0 }
            await #expect(throws: DatabaseError.transactionClosed) {
                _ = try await escaped.execute(Self.insert, entry(1))
            }
            let stored = try await entries(connection)
            #expect(stored == [])
        }
    }

    @Test func aCancelledTransactionRollsBackAndReturnsItsConnection() async throws {
        try await withEntries { database, connection in
            let task = Task {
                try await database.transaction { transaction in
                    _ = try await transaction.execute(Self.insert, entry(1))
                    try await Task.sleep(for: .seconds(60))
                }
            }
            try await waitUntil(
                connection, "SELECT 1 FROM pg_stat_activity WHERE state = 'idle in transaction'")
            task.cancel()
            await #expect(throws: CancellationError.self) { try await task.value }
            let stored = try await entries(connection)
            #expect(stored == [])
        }
    }

    @Test func aSavepointUndoesOnlyItsOwn() async throws {
        try await withEntries { database, connection in
            try await database.transaction { transaction in
                _ = try await transaction.execute(Self.insert, entry(1))
                await #expect(throws: DatabaseError.self) {
                    try await transaction.savepoint {
                        _ = try await transaction.execute(Self.insert, entry(2))
                        _ = try await transaction.execute(Self.insert, entry(1))
                    }
                }
                try await transaction.savepoint { _ = try await transaction.execute(Self.insert, entry(3)) }
            }
            let stored = try await entries(connection)
            #expect(stored == [1, 3])
        }
    }

    @Test func serializationFailuresAreRetriedUntilTheSumIsRight() async throws {
        try await withEntries { database, connection in
            try await connection.script("INSERT INTO entries VALUES (0)")
            let read = Statement(name: "read", sql: "SELECT value FROM entries", access: .read)
            let write = Statement(name: "write", sql: "UPDATE entries SET value = $1", access: .write)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<8 {
                    group.addTask {
                        for _ in 0..<5 {
                            try await database.transaction(isolation: .serializable, retries: 200) {
                                transaction in
                                let value = try await transaction.execute(read, .init()).one { try $0.int(0) }
                                _ = try await transaction.execute(write, self.entry(value + 1))
                            }
                        }
                    }
                }
                try await group.waitForAll()
            }
            let stored = try await entries(connection)
            #expect(stored == [40])
        }
    }

    @Test func aConnectionLostInsideIsAnErrorAndNothingIsKept() async throws {
        try await withEntries { database, connection in
            await #expect { () async throws -> Void in
                try await database.transaction { transaction in
                    _ = try await transaction.execute(Self.insert, entry(1))
                    try await terminateOthers(connection)
                    _ = try await transaction.execute(Self.insert, entry(2))
                }
            } throws: {
                guard case .unavailable? = $0 as? DatabaseError else { return false }
                return true
            }
            let after = try await entries(connection)
            #expect(after == [])
            try await database.transaction { _ = try await $0.execute(Self.insert, entry(3)) }
            let stored = try await entries(connection)
            #expect(stored == [3])
        }
    }

    @Test func concurrentStatementsOfOneTransactionShareFlights() async throws {
        try await withEntries { database, connection in
            try await database.transaction { transaction in
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for value in 0..<50 {
                        group.addTask { _ = try await transaction.execute(Self.insert, self.entry(value)) }
                    }
                    try await group.waitForAll()
                }
            }
            let stored = try await entries(connection)
            #expect(stored == Array(0..<50))
        }
    }

    /// On a connection on which nothing is prepared yet.
    @Test(arguments: [Isolation.repeatableRead, .serializable])
    func aUsersFirstTransactionHasItsIsolation(_ isolation: Isolation) async throws {
        try await withEntries { database, _ in
            let read = Statement(
                name: "isolation", sql: "SELECT current_setting('transaction_isolation')", access: .read)
            let found = try await database.transaction(as: UUID(), isolation: isolation) {
                try await $0.execute(read, .init()).one { try $0.text(0) }
            }
            #expect(found == isolation.rawValue.lowercased())
        }
    }

    @Test func moreTransactionsThanConnectionsTakeTurns() async throws {
        try await withEntries { database, connection in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for value in 0..<200 {
                    group.addTask {
                        try await database.transaction {
                            _ = try await $0.execute(Self.insert, self.entry(value))
                        }
                    }
                }
                try await group.waitForAll()
            }
            let stored = try await entries(connection)
            #expect(stored == Array(0..<200))
        }
    }

    @Test func whoWaitsTooLongForAConnectionIsTold() async throws {
        try await withDatabase(maximumConnections: 3, acquireTimeout: .seconds(1)) { database, _ in
            try await database.transaction { _ in
                _ = await #expect(throws: DatabaseError.poolTimeout) {
                    try await database.transaction { _ in }
                }
            }
        }
    }
}
