import DatabaseClient
import Foundation
import Testing

private let numbers = Statement(
    name: "numbers", sql: "SELECT n, repeat('x', 100) FROM generate_series(1, $1::int8) AS n", access: .read)

private func upTo(_ last: Int) throws -> Parameters {
    var parameters = Parameters()
    try parameters.append(int8: last)
    return parameters
}

/// Bytes of this process that are in memory now.
private func residentBytes() throws -> Int {
    let fields = try String(contentsOfFile: "/proc/self/statm", encoding: .utf8).split(separator: " ")
    return (Int(fields[1]) ?? 0) * 4_096
}

@Suite(.timeLimit(.minutes(1))) struct RowStreamTests {
    @Test func aMillionRowsNeedNoMillionRowsOfMemory() async throws {
        try await withDatabase { database, _ in
            let before = try residentBytes()
            var sum = 0
            var most = 0
            for try await row in database.stream(numbers, try upTo(1_000_000), rowsAtOnce: 2_000) {
                let number = try row.int(0)
                sum += number
                if number % 100_000 == 0 { most = max(most, try residentBytes()) }
            }
            #expect(sum == 500_000_500_000)
            #expect(most - before < 64 << 20)
        }
    }

    @Test func aStreamLeftEarlyGivesItsConnectionBack() async throws {
        try await withDatabase(maximumConnections: 3) { database, _ in
            for _ in 0..<5 {
                for try await row in database.stream(numbers, try upTo(100_000)) {
                    let first = try row.int(0)
                    #expect(first == 1)
                    break
                }
            }
            let again = try await database.transaction {
                try await $0.execute(numbers, try upTo(3)).rowCount
            }
            #expect(again == 3)
        }
    }

    @Test func insideATransactionOtherStatementsRunMeanwhile() async throws {
        try await withDatabase { database, _ in
            try await database.transaction { transaction in
                var seen = 0
                for try await row in transaction.stream(numbers, try upTo(25), rowsAtOnce: 10) {
                    let number = try row.int(0)
                    let other = try await transaction.execute(numbers, try upTo(number)).rowCount
                    #expect(other == number)
                    seen += 1
                }
                #expect(seen == 25)
            }
        }
    }

    @Test func anErrorAfterSomeRowsIsThrownAndNamesTheStatement() async throws {
        try await withDatabase { database, _ in
            let failing = Statement(
                name: "failing", sql: "SELECT 1 / (1500 - n) FROM generate_series(1, 2000) AS n",
                access: .read)
            var seen = 0
            do {
                for try await _ in database.stream(failing, Parameters(), rowsAtOnce: 100) { seen += 1 }
                Issue.record("the division by zero was passed over")
            } catch DatabaseError.server(let error) {
                #expect(error.sqlState == "22012")
                #expect(error.statement == "failing")
            }
            #expect(seen == 1_400)
            #expect(database.usage.leased == 0)
        }
    }

    @Test func anEmptyResultIsAnEmptyStream() async throws {
        try await withDatabase { database, _ in
            for try await _ in database.stream(numbers, try upTo(0)) { Issue.record("a row of nothing") }
            #expect(database.usage.leased == 0)
        }
    }

    @Test func aBatchIsOneTransactionWithItsResultsInOrder() async throws {
        try await withDatabase { database, connection in
            try await connection.script("CREATE TABLE kept (n int8 PRIMARY KEY)")
            let keep = Statement(
                name: "keep", sql: "INSERT INTO kept VALUES ($1) RETURNING n", access: .write)
            let results = try await database.batch([
                (keep, try upTo(1)), (keep, try upTo(2)), (numbers, try upTo(7)),
            ])
            let counts = results.map(\.rowCount)
            #expect(counts == [1, 1, 7])
            let second = try results[1][0].int(0)
            #expect(second == 2)

            await #expect(throws: DatabaseError.self) {
                try await database.batch([(keep, try upTo(3)), (keep, try upTo(1))], as: UUID())
            }
            let kept = try await connection.query("SELECT n FROM kept").rowCount
            #expect(kept == 2)
        }
    }

    @Test func aListenerHearsAndComesBackAfterALoss() async throws {
        try await withDatabase { database, connection in
            var events = database.notifications(channel: "the \"news\"").makeAsyncIterator()
            let first = await events.next()
            #expect(first == .reconnected)
            try await connection.query("SELECT pg_notify('the \"news\"', 'one')")
            let heard = await events.next()
            #expect(heard == .notification("one"))

            try await terminateOthers(connection)
            let again = await events.next()
            #expect(again == .reconnected)
            try await connection.query("SELECT pg_notify('the \"news\"', 'two')")
            let heardAgain = await events.next()
            #expect(heardAgain == .notification("two"))
        }
    }
}
