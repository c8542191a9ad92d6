import DatabaseClient
import Foundation
import Synchronization
import Testing

/// Connections that break at an exact place.
@Suite(.timeLimit(.minutes(1))) struct FaultTests {
    private let retryable = "SELECT value FROM entries WHERE value >= $1 ORDER BY 1"
    private var read: Statement { Statement(name: "read", sql: retryable, access: .read) }

    // MARK: Connecting

    /// Cut after so many bytes of the server's greeting, first on one connection and then on all.
    @Test(arguments: [0, 1, 9, 60, 300])
    func aCutInTheMiddleOfConnecting(bytes: Int) async throws {
        try await ProxiedDatabase.with({ $0.acquireTimeout = .milliseconds(800) }) { proxied in
            let seen = Mutex<[Int: Int]>([:])
            let isForAll = Mutex(true)
            proxied.proxy.judge { message in
                guard message.direction == .toClient,
                    isForAll.withLock({ $0 }) || message.link.isMultiple(of: 2)
                else { return .pass }
                let before = seen.withLock { seen in
                    defer { seen[message.link, default: 0] += message.bytes.count }
                    return seen[message.link, default: 0]
                }
                return before + message.bytes.count > bytes ? .cut(after: bytes - before) : .pass
            }
            let statement = await within { try await proxied.database.ping() }
            #expect(statement.failure?.isUnavailable == true)
            let transaction = await within { try await proxied.database.transaction { _ in } }
            #expect(transaction.failure?.isUnavailable == true)

            isForAll.withLock { $0 = false }
            // What an attempt under way still meets, and the pause after it, are the reason for more than one.
            await eventually("it does not come back") {
                try await proxied.database.ping(); return true
            }
            await eventually("it does not come back") {
                try await proxied.database.transaction { try await proxied.add(1, on: $0) }
                return true
            }
            let stored = try await proxied.entries()
            #expect(stored == [1])
        }
    }

    @Test func aServerThatRefusesIsAskedAgainUntilTheDeadline() async throws {
        try await ProxiedDatabase.with({ $0.acquireTimeout = .milliseconds(600) }) { proxied in
            proxied.proxy.refuse(true)
            let refused = await within { try await proxied.add(1, on: proxied.database) }
            #expect(refused.failure?.isUnavailable == true)
            proxied.proxy.refuse(false)
            await eventually("it does not come back") {
                try await proxied.add(2, on: proxied.database)
                return true
            }
            let stored = try await proxied.entries()
            #expect(stored == [2])
        }
    }

    /// Neither answers nor ends: the connect deadline and then the caller's are what is left.
    @Test func aServerThatNeverGreets() async throws {
        try await ProxiedDatabase.with({
            $0.acquireTimeout = .milliseconds(700)
            $0.connectTimeout = .milliseconds(300)
        }) { proxied in
            proxied.proxy.judge { $0.direction == .toClient ? .silence : .pass }
            let statement = await within { try await proxied.database.ping() }
            #expect(statement.failure?.isUnavailable == true)
            let transaction = await within { try await proxied.database.transaction { _ in } }
            #expect(transaction.failure?.isUnavailable == true)
        }
    }

    // MARK: A result

    @Test func aReadThatIsCutInTheMiddleOfARowIsSentAgain() async throws {
        try await ProxiedDatabase.with { proxied in
            try await proxied.direct.script("INSERT INTO entries SELECT generate_series(1, 100)")
            let row = Mutex(0)
            proxied.proxy.judge { message in
                guard message.direction == .toClient, message.type == "D" else { return .pass }
                let number = row.withLock { row in
                    row += 1
                    return row
                }
                return number == 57 ? .cut(after: 6) : .pass
            }
            let result = try await proxied.database.execute(read, ProxiedDatabase.number(1))
            let values = try result.many { try $0.int(0) }
            #expect(values == Array(1...100))
            #expect(row.withLock { $0 } == 157)
        }
    }

    @Test func aWriteThatIsCutInItsAnswerHappensOnceAndItsOutcomeIsUnknown() async throws {
        try await ProxiedDatabase.with { proxied in
            try await proxied.database.ping()
            let once = Once()
            proxied.proxy.judge { message in
                message.direction == .toClient && message.type == "D" && once.take() ? .cut(after: 7) : .pass
            }
            await #expect(throws: DatabaseError.outcomeUnknown(statement: "insert")) {
                try await proxied.add(1, on: proxied.database)
            }
            await eventually("the server had all of it") { try await proxied.entries() == [1] }
        }
    }

    /// The first statement of each of many writers loses its answer; none is ever sent twice.
    @Test func noWriteIsEverSentTwice() async throws {
        try await ProxiedDatabase.with { proxied in
            try await proxied.direct.script("CREATE TABLE runs (value int8)")
            let run = Statement(name: "run", sql: "INSERT INTO runs VALUES ($1)", access: .write)
            let answers = Mutex(0)
            proxied.proxy.judge { message in
                guard message.type == "C", message.direction == .toClient else { return .pass }
                let number = answers.withLock { answers in
                    answers += 1
                    return answers
                }
                return number.isMultiple(of: 7) ? .cut(after: number % 14 == 0 ? 0 : 4) : .pass
            }
            let unknown = await withTaskGroup(of: Int?.self) { group in
                for value in 0..<100 {
                    group.addTask {
                        do {
                            _ = try await proxied.database.execute(run, ProxiedDatabase.number(value))
                            return nil
                        } catch { return value }
                    }
                }
                return await group.reduce(into: Set<Int>()) { if let value = $1 { $0.insert(value) } }
            }
            proxied.proxy.judge(nil)
            let runs = try await proxied.direct.query("SELECT value FROM runs").many { try $0.int(0) }
            #expect(!unknown.isEmpty, "nothing was cut")
            #expect(runs.count == Set(runs).count, "a write ran twice")
            #expect(Set(0..<100).subtracting(runs).isSubset(of: unknown), "an acknowledged write is missing")
        }
    }

    // MARK: COMMIT

    @Test func aCommitWhoseAnswerIsLostHasAnUnknownOutcome() async throws {
        try await ProxiedDatabase.with { proxied in
            proxied.proxy.judge { message in
                message.direction == .toClient && message.type == "C" && message.contains("COMMIT")
                    ? .cut(after: 3) : .pass
            }
            await #expect(throws: DatabaseError.outcomeUnknown(statement: "COMMIT")) {
                try await proxied.database.transaction(retries: 5) { try await proxied.add(1, on: $0) }
            }
            let stored = try await proxied.entries()
            #expect(stored == [1])
        }
    }

    @Test func aCommitThatNeverArrivedHasAnUnknownOutcomeTooAndLeavesNothing() async throws {
        try await ProxiedDatabase.with { proxied in
            proxied.proxy.judge { message in
                message.direction == .toServer && message.contains("COMMIT\0") ? .cut(after: 0) : .pass
            }
            await #expect(throws: DatabaseError.outcomeUnknown(statement: "COMMIT")) {
                try await proxied.database.transaction { try await proxied.add(1, on: $0) }
            }
            let stored = try await proxied.entries()
            #expect(stored == [])
        }
    }

    @Test func aLossBeforeCommitIsKnownToHaveDoneNothing() async throws {
        try await ProxiedDatabase.with { proxied in
            let lost = await within {
                try await proxied.database.transaction { transaction in
                    try await proxied.add(1, on: transaction)
                    proxied.proxy.cutAll()
                    await eventually("the loss was not noticed") { proxied.proxy.liveLinks == 0 }
                    try await Task.sleep(for: .milliseconds(50))
                }
            }
            #expect(lost.failure?.isUnavailable == true)
            let stored = try await proxied.entries()
            #expect(stored == [])
        }
    }

    // MARK: Silence and slowness

    @Test func aHalfOpenConnectionEndsAtTheDeadline() async throws {
        try await ProxiedDatabase.with({ $0.statementTimeout = .milliseconds(400) }) { proxied in
            // Both shared connections and one of the pool.
            for _ in 0..<4 { try await proxied.database.ping() }
            try await proxied.database.transaction { _ in }
            proxied.proxy.silenceAll()
            async let write = within { try await proxied.add(1, on: proxied.database) }
            async let answer = within {
                try await proxied.database.execute(read, ProxiedDatabase.number(0)).rowCount
            }
            async let transaction = within {
                try await proxied.database.transaction { try await proxied.add(2, on: $0) }
            }
            let outcomes = await (write, answer, transaction)
            #expect(outcomes.0.failure == .outcomeUnknown(statement: "insert"))
            #expect(outcomes.1.isSuccess, "a read is sent again on a connection that answers")
            #expect(outcomes.2.isSuccess, "nothing had begun, so another connection was taken")
            let stored = try await proxied.entries()
            #expect(stored == [2])
        }
    }

    @Test func aConnectionThatFallsSilentInsideATransactionEndsAtTheDeadline() async throws {
        try await ProxiedDatabase.with({ $0.statementTimeout = .milliseconds(400) }) { proxied in
            let lost = await within {
                try await proxied.database.transaction { transaction in
                    try await proxied.add(1, on: transaction)
                    proxied.proxy.silenceAll()
                    try await proxied.add(2, on: transaction)
                }
            }
            #expect(lost.failure?.isUnavailable == true)
            let commit = await within {
                try await proxied.database.transaction { transaction in
                    try await proxied.add(3, on: transaction)
                    proxied.proxy.silenceAll()
                }
            }
            #expect(commit.failure == .outcomeUnknown(statement: "COMMIT"))
            // Its session ends when the server finds out, which the proxy tells it now.
            proxied.proxy.cutAll()
            let stored = try await proxied.entries()
            #expect(stored == [])
        }
    }

    @Test func twoSecondsOfDelayAreWaitedFor() async throws {
        try await ProxiedDatabase.with { proxied in
            proxied.proxy.delayAnswers(by: .seconds(2))
            // Connecting and answering: four seconds, more where the greeting comes in pieces.
            let result = await within { try await proxied.add(1, on: proxied.database) }
            #expect(result.isSuccess)
        }
    }

    @Test func twoSecondsOfDelayAreTooMuchForAShorterDeadline() async throws {
        try await ProxiedDatabase.with({
            $0.connectTimeout = .milliseconds(500)
            $0.acquireTimeout = .seconds(1)
            $0.statementTimeout = .milliseconds(600)
        }) { proxied in
            try await proxied.database.ping()
            proxied.proxy.delayAnswers(by: .seconds(2))
            let write = await within { try await proxied.add(1, on: proxied.database) }
            #expect(write.failure != nil)
            let transaction = await within { try await proxied.database.transaction { _ in } }
            #expect(transaction.failure?.isUnavailable == true)
        }
    }

    // MARK: The server ends sessions

    @Test func endedIdleSessionsAreReplacedWithoutAWord() async throws {
        try await ProxiedDatabase.with { proxied in
            for round in 0..<5 {
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for value in 0..<3 {
                        group.addTask {
                            try await proxied.database.transaction {
                                try await proxied.add(round * 10 + value, on: $0)
                            }
                        }
                        group.addTask { try await proxied.database.ping() }
                    }
                    try await group.waitForAll()
                }
                try await terminateOthers(proxied.direct)
                // Not a moment's wait: whoever comes now must not hear of it.
                try await proxied.database.transaction { try await proxied.add(round * 10 + 9, on: $0) }
                try await proxied.database.ping()
            }
            let stored = try await proxied.entries()
            #expect(stored.count == 20)
        }
    }

    @Test func aStatementThatEndsItsOwnSessionEndsFiveAtMost() async throws {
        try await ProxiedDatabase.with { proxied in
            let suicide = Statement(
                name: "suicide", sql: "SELECT pg_terminate_backend(pg_backend_pid())", access: .read)
            let outcome = await within {
                try await proxied.database.execute(suicide, Parameters())
            }
            #expect(outcome.failure?.isUnavailable == true)
            #expect(proxied.proxy.acceptedLinks <= 10)
        }
    }

    @Test func endedBusySessionsAreErrorsAndNothingIsKept() async throws {
        try await ProxiedDatabase.with { proxied in
            let sleep = Statement(
                name: "sleep",
                sql:
                    "WITH kept AS (INSERT INTO entries VALUES ($1) RETURNING 1) SELECT pg_sleep(30) FROM kept",
                access: .write)
            let write = Task { try await proxied.database.execute(sleep, ProxiedDatabase.number(1)) }
            let inside = Task {
                try await proxied.database.transaction {
                    // A first flight that is lost would go out again.
                    _ = try await $0.execute(ProxiedDatabase.count, Parameters())
                    _ = try await $0.execute(sleep, ProxiedDatabase.number(2))
                }
            }
            await eventually("nobody sleeps") {
                try await proxied.direct.query(
                    """
                    SELECT 1 FROM pg_stat_activity WHERE wait_event = 'PgSleep'
                        AND datname = current_database() HAVING count(*) = 2
                    """
                ).rowCount == 1
            }
            try await terminateOthers(proxied.direct)
            let first = await within { try await write.value }
            #expect(first.failure == .outcomeUnknown(statement: "sleep"))
            let second = await within { try await inside.value }
            #expect(second.failure?.isUnavailable == true)
            let stored = try await proxied.entries()
            #expect(stored == [])
        }
    }
}
