import DatabaseClient
import Foundation
import Synchronization
import Testing

/// Cancellation at each step of each kind of work: the steps are the messages that pass the proxy, and for the
/// wait in the pool, moments.
@Suite(.timeLimit(.minutes(1))) struct CancellationTests {
    enum Work: String, CaseIterable, Sendable {
        case statement, batch, transaction, copyIn, copyOut, stream, nested

        /// About how many messages it is, on a connection that is there already.
        var messages: Int { [.statement, .batch].contains(self) ? 9 : 32 }
    }

    /// Messages that pass, and what is done at one of them.
    private final class Steps: Sendable {
        private let state = Mutex<(count: Int, strikesAt: Int, strike: (@Sendable () -> Void)?)>((0, -1, nil))

        func arm(at step: Int, _ strike: @escaping @Sendable () -> Void) {
            let isDue = state.withLock { state in
                state.strikesAt = step
                state.strike = strike
                return state.count > step
            }
            if isDue { strike() }
        }

        func pass() {
            let strike = state.withLock { state in
                defer { state.count += 1 }
                return state.count == state.strikesAt ? state.strike : nil
            }
            strike?()
        }

        var count: Int { state.withLock { $0.count } }
    }

    @Test(arguments: Work.allCases)
    func atEveryStep(of work: Work) async throws {
        try await ProxiedDatabase.with { proxied in
            try await proxied.direct.script("CREATE TABLE many AS SELECT generate_series(1, 3000)::int8 AS n")
            var cancelled = 0
            // On connections that are there already, and now and then on new ones.
            for step in 0..<32 {
                if step.isMultiple(of: 5) { proxied.proxy.cutAll() }
                let first = step * 10
                let steps = Steps()
                proxied.proxy.judge { _ in
                    steps.pass()
                    return .pass
                }
                let task = Task { try await Self.run(work, first, on: proxied) }
                steps.arm(at: step % work.messages) { task.cancel() }
                let outcome = await within { try await task.value }
                proxied.proxy.judge(nil)
                switch outcome {
                case .success: break
                case .failure(is CancellationError): cancelled += 1
                // A cut may reach the client just when the write has left.
                case .failure(DatabaseError.outcomeUnknown) where step.isMultiple(of: 5): break
                case .failure(let error): Issue.record("\(work), step \(step): \(error)")
                }
                await eventually("\(work), step \(step): its connection is still lent") {
                    proxied.database.usage == (0, 0)
                }
                try await Self.expectAllOrNothing(first, of: work, outcome.isSuccess, on: proxied)
                // On each of the two shared connections: what was abandoned there has then been answered, and a cut of
                // it later leaves nobody's outcome open.
                for _ in 0..<2 { try await proxied.database.ping() }
            }
            #expect(cancelled > 3, "\(work) was hardly ever cancelled")
        }
    }

    private static func run(_ work: Work, _ first: Int, on proxied: ProxiedDatabase) async throws {
        let database = proxied.database
        let all = Statement(name: "all", sql: "SELECT n FROM many", access: .read)
        switch work {
        case .statement: try await proxied.add(first, on: database)
        case .batch:
            _ = try await database.batch([
                (ProxiedDatabase.insert, ProxiedDatabase.number(first)),
                (ProxiedDatabase.insert, ProxiedDatabase.number(first + 1)),
            ])
        case .transaction:
            try await database.transaction { transaction in
                try await proxied.add(first, on: transaction)
                try await proxied.add(first + 1, on: transaction)
            }
        case .nested:
            try await database.transaction(as: nil, isolation: .serializable, retries: 3) { transaction in
                try await proxied.add(first, on: transaction)
                try await transaction.savepoint { try await proxied.add(first + 1, on: transaction) }
            }
        case .copyIn:
            let copy = Statement(name: "copy", sql: "COPY entries FROM STDIN", access: .write)
            let lines = AsyncStream<[UInt8]> { continuation in
                for value in first...first + 1 { continuation.yield(Array("\(value)\n".utf8)) }
                continuation.finish()
            }
            // An AsyncStream that is cancelled ends, as if these had been all its rows: nothing of that may stay.
            _ = try await database.copyIn(copy, rows: lines)
        case .copyOut:
            let copy = Statement(name: "out", sql: "COPY many TO STDOUT", access: .read)
            var bytes = 0
            for try await piece in database.copyOut(copy) { bytes += piece.count }
            #expect(bytes > 3_000)
        case .stream:
            var rows = 0
            for try await _ in database.stream(all, Parameters(), rowsAtOnce: 700) { rows += 1 }
            #expect(rows == 3_000)
        }
    }

    /// Of a transaction all is kept or nothing, and who heard of a cancellation before COMMIT finds nothing. A
    /// single statement may have happened although nobody waited for it.
    private static func expectAllOrNothing(
        _ first: Int, of work: Work, _ isSuccess: Bool, on proxied: ProxiedDatabase
    ) async throws {
        let expected = [.copyOut, .stream].contains(work) ? 0 : work == .statement ? 1 : 2
        func kept() async throws -> Int { try await proxied.entries().count { $0 / 10 == first / 10 } }
        if isSuccess {
            let count = try await kept()
            #expect(count == expected, "\(work) at \(first / 10)")
        } else if work == .statement || work == .batch {
            let count = try await kept()
            #expect([0, expected].contains(count), "\(work) at \(first / 10)")
        } else {
            let count = try await kept()
            #expect(count == 0, "\(work) at \(first / 10)")
        }
    }

    @Test func whileWaitingForAConnectionOfThePool() async throws {
        try await ProxiedDatabase.with({ $0.maximumConnections = 3 }) { proxied in
            var random = SystemRandomNumberGenerator()
            for round in 0..<60 {
                let tasks = (0..<6).map { index in
                    Task { () async throws -> Void in
                        try await proxied.database.transaction { transaction in
                            try await proxied.add(round * 10 + index, on: transaction)
                        }
                    }
                }
                var outcomes: [Bool] = []
                for task in tasks.shuffled(using: &random).prefix(4) {
                    try await Task.sleep(for: .microseconds(Int.random(in: 0...400, using: &random)))
                    task.cancel()
                }
                for task in tasks {
                    let outcome = await within { try await task.value }
                    if case .failure(let error) = outcome, !(error is CancellationError) {
                        Issue.record("round \(round): \(error)")
                    }
                    outcomes.append(outcome.isSuccess)
                }
                let kept = try await proxied.entries().filter { $0 / 10 == round }
                #expect(kept == outcomes.indices.filter { outcomes[$0] }.map { round * 10 + $0 })
            }
            await eventually("a connection is still lent") { proxied.database.usage == (0, 0) }
        }
    }

    /// The server cannot be reached, so the caller would wait until its deadline.
    @Test func whileWaitingForAConnectionThatDoesNotCome() async throws {
        try await ProxiedDatabase.with { proxied in
            proxied.proxy.judge { $0.direction == .toClient ? .silence : .pass }
            let statement = Task { try await proxied.database.ping() }
            let transaction = Task { try await proxied.database.transaction { _ in } }
            try await Task.sleep(for: .milliseconds(100))
            statement.cancel()
            transaction.cancel()
            for task in [statement, transaction] {
                let outcome = await within { try await task.value }
                #expect(throws: CancellationError.self) { try outcome.get() }
            }
            proxied.proxy.judge(nil)
            // The silent attempt is given up, and with it what the proxy holds.
            proxied.proxy.cutAll()
        }
    }

    @Test func aLongStatementOfATransactionIsStoppedOnTheServer() async throws {
        try await ProxiedDatabase.with { proxied in
            let sleep = Statement(name: "sleep", sql: "SELECT pg_sleep(30)::text", access: .read)
            let sleeping = Task {
                try await proxied.database.transaction { transaction in
                    try await proxied.add(1, on: transaction)
                    _ = try await transaction.execute(sleep, Parameters())
                }
            }
            try await waitUntil(
                proxied.direct, "SELECT 1 FROM pg_stat_activity WHERE wait_event = 'PgSleep'")
            sleeping.cancel()
            let outcome = await within { try await sleeping.value }
            #expect(throws: CancellationError.self) { try outcome.get() }
            let stored = try await proxied.entries()
            #expect(stored == [])
            await eventually("it still sleeps") {
                try await proxied.direct.query(
                    "SELECT 1 FROM pg_stat_activity WHERE wait_event = 'PgSleep' AND datname = current_database()"
                ).rowCount == 0
            }
        }
    }
}
