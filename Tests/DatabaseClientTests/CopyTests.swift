import DatabaseClient
import Synchronization
import Testing

private let into = Statement(
    name: "copyItems", sql: "COPY items (id, label) FROM STDIN (FORMAT binary)", access: .write)
private let intoText = Statement(
    name: "copyItemsText", sql: "COPY items (id, label) FROM STDIN", access: .write)
private let count = Statement(name: "countItems", sql: "SELECT count(*) FROM items", access: .read)

private struct Items: AsyncSequence, Sendable {
    let range: Range<Int>

    func makeAsyncIterator() -> Iterator { Iterator(numbers: range.makeIterator()) }

    struct Iterator: AsyncIteratorProtocol {
        var numbers: Range<Int>.Iterator

        mutating func next() async throws -> Parameters? {
            guard let number = numbers.next() else { return nil }
            var row = Parameters()
            try row.append(int4: number)
            row.append(text: number % 3 == 0 ? nil : "item \(number)")
            return row
        }
    }
}

private final class Count: Sendable { let value = Mutex(0) }

/// Tells of each piece that is asked for.
private struct CountedPieces<Rows: AsyncSequence & Sendable>: AsyncSequence, Sendable
where Rows.Element == [UInt8] {
    let rows: Rows
    let tell: @Sendable () -> Void

    func makeAsyncIterator() -> Iterator { Iterator(rows: rows.makeAsyncIterator(), tell: tell) }

    struct Iterator: AsyncIteratorProtocol {
        var rows: Rows.AsyncIterator
        let tell: @Sendable () -> Void

        mutating func next() async throws -> [UInt8]? {
            tell()
            return try await rows.next()
        }
    }
}

@Suite(.timeLimit(.minutes(1))) struct CopyTests {
    private func withItems(_ body: (Database, DatabaseConnection) async throws -> Void) async throws {
        try await withDatabase { database, connection in
            try await connection.script("CREATE TABLE items (id int PRIMARY KEY, label text)")
            try await body(database, connection)
        }
    }

    private func rows(_ range: Range<Int>) -> Items { Items(range: range) }

    private func counted(_ database: Database) async throws -> Int {
        try await database.execute(count, Parameters()).one { try $0.int(0) }
    }

    @Test func binaryRowsArriveAsTheyWereWritten() async throws {
        try await withItems { database, connection in
            let taken = try await database.copyIn(into, rows: CopyRows(rows(0..<200_000)))
            #expect(taken == 200_000)
            let result = try await connection.query(
                "SELECT count(*), count(label), sum(id)::bigint, max(label) FROM items")
            #expect(try result[0].int(0) == 200_000)
            #expect(try result[0].int(1) == 133_333)
            #expect(try result[0].int(2) == 19_999_900_000)
            #expect(try result[0].text(3) == "item 99998")
        }
    }

    @Test func aRefusedRowUndoesAllAndTheConnectionGoesOn() async throws {
        try await withItems { database, connection in
            try await connection.script("INSERT INTO items VALUES (70000, 'already')")
            await #expect { try await database.copyIn(into, rows: CopyRows(rows(0..<100_000))) } throws: {
                ($0 as? DatabaseError)?.uniqueViolation == "items_pkey"
            }
            let left = try await counted(database)
            #expect(left == 1)
            let again = try await database.copyIn(into, rows: CopyRows(rows(0..<10)))
            #expect(again == 10)
            #expect(database.usage.leased == 0)
        }
    }

    @Test func insideATransactionItIsPartOfIt() async throws {
        try await withItems { database, _ in
            await #expect(throws: CancellationError.self) {
                try await database.transaction { transaction in
                    _ = try await transaction.copyIn(into, rows: CopyRows(rows(0..<10)))
                    let inside = try await transaction.execute(count, Parameters()).one { try $0.int(0) }
                    #expect(inside == 10)
                    throw CancellationError()
                }
            }
            let left = try await counted(database)
            #expect(left == 0)
        }
    }

    @Test func textIsTakenInPiecesOfAnySize() async throws {
        try await withItems { database, connection in
            let pieces = AsyncStream<[UInt8]> { continuation in
                for byte in "1\tone\n2\t\\N\n".utf8 { continuation.yield([byte]) }
                continuation.finish()
            }
            let taken = try await database.copyIn(intoText, rows: pieces)
            #expect(taken == 2)
            let isNull = try await connection.query("SELECT label FROM items ORDER BY id")[1].isNull(0)
            #expect(isNull)
        }
    }

    @Test func cancellationGivesUpTheCopyAndNothingStays() async throws {
        try await withItems { database, connection in
            let (endless, feed) = AsyncStream<[UInt8]>.makeStream()
            feed.yield(Array("1\tone\n".utf8))
            let copying = Task { try await database.copyIn(intoText, rows: endless) }
            try await waitUntil(
                connection,
                "SELECT 1 FROM pg_stat_activity WHERE query LIKE 'COPY items%' AND state = 'active'")
            copying.cancel()
            await #expect(throws: CancellationError.self) { try await copying.value }
            let left = try await counted(database)
            #expect(left == 0)
            #expect(database.usage.leased == 0)
        }
    }

    @Test func aServerThatDoesNotReadHoldsTheRowsBackAndCancellationStillWorks() async throws {
        try await withItems { database, connection in
            // The server stops at this key until the other transaction has decided.
            try await connection.script("BEGIN; INSERT INTO items VALUES (5, 'held')")
            let asked = Count()
            let pieces = CountedPieces(rows: CopyRows(rows(0..<50_000_000))) {
                asked.value.withLock { $0 += 1 }
            }
            let copying = Task { try await database.copyIn(into, rows: pieces) }
            var before = 0
            await eventually("it never stops asking for rows") {
                before = asked.value.withLock { $0 }
                try await Task.sleep(for: .milliseconds(300))
                return before > 1 && asked.value.withLock { $0 } == before
            }
            #expect(before < 64)

            copying.cancel()
            await #expect(throws: CancellationError.self) { try await copying.value }
            try await connection.script("ROLLBACK")
            let left = try await counted(database)
            #expect(left == 0)
            #expect(database.usage.leased == 0)
        }
    }

    @Test func copyOutGivesWhatCopyInTakes() async throws {
        try await withItems { database, connection in
            _ = try await database.copyIn(into, rows: CopyRows(rows(0..<50_000)))
            let out = Statement(name: "out", sql: "COPY items TO STDOUT (FORMAT binary)", access: .read)
            try await connection.script("CREATE TABLE twins (LIKE items)")
            let twins = Statement(
                name: "twins", sql: "COPY twins FROM STDIN (FORMAT binary)", access: .write)
            let taken = try await database.copyIn(twins, rows: database.copyOut(out))
            #expect(taken == 50_000)
            let result = try await connection.query(
                "SELECT count(*) FROM items JOIN twins USING (id) WHERE items.label IS NOT DISTINCT FROM twins.label"
            )
            #expect(try result[0].int(0) == 50_000)
        }
    }

    @Test func copyOutThatIsLeftEarlyGivesItsPlaceBack() async throws {
        try await withItems { database, _ in
            let out = Statement(
                name: "endless", sql: "COPY (SELECT generate_series(1, 100000000)) TO STDOUT", access: .read)
            for _ in 0..<6 {
                for try await chunk in database.copyOut(out) {
                    #expect(chunk.starts(with: Array("1\n2\n".utf8)))
                    break
                }
            }
            let stays = try await database.transaction {
                try await $0.execute(count, Parameters()).one { try $0.int(0) }
            }
            #expect(stays == 0)
        }
    }

    @Test func aStatementThatIsNoCopyIsRefused() async throws {
        try await withItems { database, _ in
            await #expect { try await database.copyIn(count, rows: CopyRows(rows(0..<1))) } throws: {
                $0 is DatabaseError
            }
            let wrong = Statement(name: "wrong", sql: "COPY nowhere FROM STDIN", access: .write)
            await #expect { try await database.copyIn(wrong, rows: CopyRows(rows(0..<1))) } throws: {
                ($0 as? DatabaseError)?.sqlState == "42P01"
            }
            let left = try await counted(database)
            #expect(left == 0)
        }
    }
}
