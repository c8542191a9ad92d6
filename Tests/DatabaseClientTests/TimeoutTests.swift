import DatabaseClient
import Foundation
import Testing

/// How long COPY and streams may take, which is not what a statement may take.
@Suite(.timeLimit(.minutes(1))) struct TimeoutTests {
    private static let into = Statement(name: "into", sql: "COPY entries FROM STDIN", access: .write)
    private static let out = Statement(
        name: "out", sql: "COPY (SELECT generate_series(1, 200000)) TO STDOUT", access: .read)
    private static let numbers = Statement(
        name: "numbers", sql: "SELECT generate_series(1, 4)", access: .read)
    private static let sleep = Statement(name: "sleep", sql: "SELECT pg_sleep(2)::text", access: .read)

    /// Four rows, each after a while: more than the statement timeout of these tests, together.
    private struct SlowLines: AsyncSequence, AsyncIteratorProtocol {
        var left = 4

        func makeAsyncIterator() -> SlowLines { self }

        mutating func next() async throws -> [UInt8]? {
            guard left > 0 else { return nil }
            try await Task.sleep(for: .milliseconds(250))
            left -= 1
            return Array("\(left)\n".utf8)
        }
    }

    private func withShortTimeout(_ body: (ProxiedDatabase) async throws -> Void) async throws {
        try await ProxiedDatabase.with({ $0.statementTimeout = .milliseconds(400) }, body)
    }

    @Test func aSlowCopyInIsNotAStatementTimeout() async throws {
        try await withShortTimeout { proxied in
            let taken = try await proxied.database.copyIn(Self.into, rows: SlowLines())
            #expect(taken == 4)
        }
    }

    @Test func aCopyInEndsAtItsOwnTimeout() async throws {
        try await withShortTimeout { proxied in
            let outcome = await within {
                try await proxied.database.copyIn(
                    Self.into, timeout: .milliseconds(300), rows: SlowLines())
            }
            #expect(outcome.failure?.sqlState == "57014")
            let stored = try await proxied.entries()
            #expect(stored == [])
        }
    }

    /// What follows in the same transaction is a statement again.
    @Test func afterACopyTheStatementTimeoutHoldsAgain() async throws {
        try await withShortTimeout { proxied in
            let outcome = await within {
                try await proxied.database.transaction { transaction in
                    let taken = try await transaction.copyIn(Self.into, rows: SlowLines())
                    #expect(taken == 4)
                    for try await _ in transaction.copyOut(Self.out) {}
                    _ = try await transaction.execute(Self.sleep, Parameters())
                }
            }
            #expect(outcome.failure?.sqlState == "57014")
            let next = await within {
                try await proxied.database.transaction { _ = try await $0.execute(Self.sleep, Parameters()) }
            }
            #expect(next.failure?.sqlState == "57014")
        }
    }

    @Test func aCopyOutThatIsTakenSlowlyGoesOn() async throws {
        try await withShortTimeout { proxied in
            var bytes = 0
            var pieces = 0
            for try await piece in proxied.database.copyOut(Self.out) {
                if pieces < 4 { try await Task.sleep(for: .milliseconds(200)) }
                pieces += 1
                bytes += piece.count
            }
            #expect(pieces > 4)
            #expect(bytes == 1_288_895)
        }
    }

    @Test func aCopyOutEndsAtItsOwnTimeout() async throws {
        try await withShortTimeout { proxied in
            let endless = Statement(
                name: "endless", sql: "COPY (SELECT pg_sleep(0.05) FROM generate_series(1, 10000)) TO STDOUT",
                access: .read)
            let outcome = await within {
                for try await _ in proxied.database.copyOut(endless, timeout: .milliseconds(600)) {}
            }
            #expect(outcome.failure?.sqlState == "57014")
        }
    }

    /// Without a timeout of its own the session would end, idle in its transaction, after 0.8 s.
    @Test func aStreamWaitsForASlowReader() async throws {
        try await withShortTimeout { proxied in
            var seen = 0
            for try await _ in proxied.database.stream(Self.numbers, Parameters(), rowsAtOnce: 2) {
                seen += 1
                if seen == 2 { try await Task.sleep(for: .milliseconds(1_100)) }
            }
            #expect(seen == 4)
        }
    }

    @Test func aStreamMayFetchLongerThanAStatement() async throws {
        try await withShortTimeout { proxied in
            let slow = Statement(
                name: "slow", sql: "SELECT pg_sleep(0.9)::text FROM generate_series(1, 2)", access: .read)
            let patient = await within {
                var seen = 0
                for try await _ in proxied.database.stream(slow, Parameters(), rowsAtOnce: 1) { seen += 1 }
                #expect(seen == 2)
            }
            #expect(patient.isSuccess)
            let hasty = await within {
                for try await _ in proxied.database.stream(slow, Parameters(), timeout: .milliseconds(500)) {}
            }
            #expect(hasty.failure?.sqlState == "57014")
        }
    }

    /// Rows are still coming: the caller leaves, the transaction is undone and its session ends.
    @Test func aCancelledCopyOutIsGivenUp() async throws {
        try await withShortTimeout { proxied in
            let endless = Statement(
                name: "endless", sql: "COPY (SELECT generate_series(1, 100000000)) TO STDOUT", access: .read)
            let silent = Statement(
                name: "silent", sql: "COPY (SELECT pg_sleep(30)) TO STDOUT", access: .read)
            for copy in [endless, silent] {
                let copying = Task {
                    for try await _ in proxied.database.copyOut(copy) {
                        try await Task.sleep(for: .milliseconds(5))
                    }
                }
                try await waitUntil(
                    proxied.direct,
                    "SELECT 1 FROM pg_stat_activity WHERE query LIKE 'COPY (%' AND state = 'active'")
                copying.cancel()
                let outcome = await within { try await copying.value }
                #expect(throws: CancellationError.self) { try outcome.get() }
                await eventually("a connection is still lent") { proxied.database.usage == (0, 0) }
            }
        }
    }
}
