import DatabaseClient
import DatabaseTesting
import Foundation
import Logging
import Testing

@Suite(.timeLimit(.minutes(1))) struct PoolerTests {
    private let who = Statement(
        name: "who", sql: "SELECT current_setting('app.user_id', true), $1::int8", access: .read)

    private func number(_ value: Int) throws -> Parameters {
        var parameters = Parameters()
        try parameters.append(int8: value)
        return parameters
    }

    private func withPooler(_ body: (Database, DatabaseConnection) async throws -> Void) async throws {
        try await withDatabase { _, connection in
            let row = try await connection.query(
                """
                SELECT current_database()::text, current_setting('port'),
                    split_part(current_setting('unix_socket_directories'), ',', 1)
                """)[0]
            let direct = try "postgresql://postgres@/\(row.text(0))?host=\(row.text(2))&port=\(row.text(1))"
            try await PgBouncer.run(before: direct, poolSize: 2) { url in
                let database = Database(
                    DatabaseConfiguration(
                        connectionString: url, maximumConnections: 6, pooler: .transaction,
                        directConnectionString: direct),
                    logger: Logger(label: "pooler"))
                try await body(database, connection)
                await database.close()
            }
        }
    }

    @Test func theActingUserHoldsForTheFlightAndForNobodyElse() async throws {
        try await withPooler { database, _ in
            try await withThrowingTaskGroup { group in
                for index in 0..<200 {
                    group.addTask {
                        let user = UUID()
                        let parameters = try number(index)
                        let row =
                            index.isMultiple(of: 2)
                            ? try await database.acting(as: user).execute(who, parameters)[0]
                            : try await database.execute(who, parameters)[0]
                        let seen = row.isNull(0) ? "" : try row.text(0)
                        let answer = try row.int(1)
                        #expect(seen == (index.isMultiple(of: 2) ? user.uuidString.lowercased() : ""))
                        #expect(answer == index)
                    }
                }
                try await group.waitForAll()
            }
        }
    }

    @Test func transactionsStreamsAndCopiesWork() async throws {
        try await withPooler { database, connection in
            try await connection.script("CREATE TABLE kept (n int8)")
            let keep = Statement(name: "keep", sql: "INSERT INTO kept VALUES ($1)", access: .write)
            try await withThrowingTaskGroup { group in
                for index in 0..<20 {
                    group.addTask {
                        try await database.transaction(as: UUID()) { transaction in
                            _ = try await transaction.execute(keep, try number(index))
                            _ = try await transaction.execute(keep, try number(index))
                        }
                    }
                }
                try await group.waitForAll()
            }
            let copy = Statement(name: "copy", sql: "COPY kept FROM STDIN", access: .write)
            let lines = AsyncStream<[UInt8]> { continuation in
                continuation.yield(Array("7\n8\n".utf8))
                continuation.finish()
            }
            let taken = try await database.copyIn(copy, rows: lines)
            #expect(taken == 2)
            let all = Statement(name: "all", sql: "SELECT n FROM kept", access: .read)
            var seen = 0
            for try await _ in database.stream(all, Parameters(), rowsAtOnce: 10) { seen += 1 }
            #expect(seen == 42)
        }
    }

    @Test func notificationsComeOnTheDirectConnection() async throws {
        try await withPooler { database, connection in
            var events = database.notifications(channel: "news").makeAsyncIterator()
            let first = await events.next()
            #expect(first == .reconnected)
            try await connection.query("SELECT pg_notify('news', 'one')")
            let heard = await events.next()
            #expect(heard == .notification("one"))
        }
    }
}
