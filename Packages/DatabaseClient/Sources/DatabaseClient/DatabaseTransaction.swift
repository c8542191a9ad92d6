import ConnectionPool
public import Foundation
import Synchronization

/// How much of the others' work a transaction sees.
public enum Isolation: String, Sendable {
    case readCommitted = "READ COMMITTED"
    case repeatableRead = "REPEATABLE READ"
    case serializable = "SERIALIZABLE"
}

/// An open transaction. Statements that run at the same time, as with `async let`, share flights.
public final class DatabaseTransaction: QueryExecutor {
    let connection: DatabaseConnection
    private let isOpen = Mutex(true)
    private let savepoints = Mutex(0)
    private let history = Mutex(TransactionHistory())
    /// BEGIN, and who acts.
    private let opening: [Command]

    let observer: StatementObserver
    let copyTimeout: Duration

    init(
        connection: DatabaseConnection, opening: [Command], observer: StatementObserver, copyTimeout: Duration
    ) {
        self.connection = connection
        self.opening = opening
        self.copyTimeout = copyTimeout
        self.observer = observer
    }

    public func execute(_ statement: Statement, _ parameters: Parameters) async throws -> QueryResult {
        try requireOpen()
        return try await observer.measure(statement.name, sql: statement.sql) {
            try history.withLock { history throws(DatabaseError) in try history.began() }
            do {
                let result = try await sendOnFreshPlans(statement, parameters)
                history.withLock {
                    $0.ended(.init(statement: statement, parameters: parameters, result: result))
                }
                return result
            } catch {
                history.withLock { $0.ended(nil) }
                throw error
            }
        }
    }

    private func send(_ statement: Statement, _ parameters: Parameters) async throws -> QueryResult {
        do {
            return try await connection.perform(
                [.execute(statement, parameters)], access: statement.access
            )
            .last.unwrap(statement.name)
        } catch DatabaseError.outcomeUnknown(let name) {
            // Nothing is committed before COMMIT: a connection that is lost here has undone everything.
            throw DatabaseError.unavailable("the connection was lost inside the transaction, at \(name)")
        }
    }

    /// A table that changed under a prepared statement fails the transaction before the statement does anything, and
    /// all before it is undone: it is begun anew, with its statements prepared anew.
    private func sendOnFreshPlans(
        _ statement: Statement, _ parameters: Parameters
    ) async throws -> QueryResult {
        while true {
            do {
                return try await send(statement, parameters)
            } catch let error as DatabaseError where error.wantsFreshPlans {
                try await beginAnew(for: statement)
            }
        }
    }

    /// Repeats all that came before a statement.
    private func beginAnew(for statement: Statement) async throws {
        let stale = DatabaseError.stalePlan(statement: statement.name)
        while true {
            guard let steps = history.withLock({ $0.beginRepetition(for: statement.name) }) else {
                throw stale
            }
            observer.metrics?.retried(.stalePlan)
            do {
                try requireOpen()
                try await connection.beginAnew(opening)
                for step in steps {
                    try requireOpen()
                    let result = try await send(step.statement, step.parameters)
                    guard result.isSame(as: step.result) else { throw stale }
                }
                return history.withLock { $0.endRepetition(isWhole: true) }
            } catch let error as DatabaseError where error.wantsFreshPlans {
                // What a repeated statement reads has changed too.
                history.withLock { $0.endRepetition(isWhole: true) }
            } catch let error as DatabaseError {
                history.withLock { $0.endRepetition(isWhole: false) }
                // The caller knows that this statement succeeded, so its violation would be taken for another's.
                throw error.isRefusalOfContent ? stale : error
            } catch {
                history.withLock { $0.endRepetition(isWhole: false) }
                throw error
            }
        }
    }

    /// Makes another user the acting one until the transaction, or the savepoint that is open, ends.
    public func act(as user: UUID) async throws {
        _ = try await execute(Database.actAs, .user(user))
    }

    /// Runs the body between SAVEPOINT and RELEASE; where it throws, what it did is undone and the error goes on.
    public func savepoint<T>(_ body: () async throws -> T) async throws -> T {
        let name = savepoints.withLock { count in
            count += 1
            return "s\(count)"
        }
        try await command("SAVEPOINT \(name)")
        do {
            let value = try await body()
            try await command("RELEASE SAVEPOINT \(name)")
            return value
        } catch {
            // Who is cancelled loses the whole transaction, and need not wait here for what still runs.
            if !Task.isCancelled { try await command("ROLLBACK TO SAVEPOINT \(name)") }
            throw error
        }
    }

    /// For all but plain statements, which alone can be repeated. Throws where the transaction has ended.
    func checkGate() throws {
        try requireOpen()
        try history.withLock { history throws(DatabaseError) in
            try history.admit()
            history.giveUp()
        }
    }

    /// Throws where the server has only a part of what the caller takes for done.
    func requireWhole() throws {
        guard history.withLock({ $0.mayCommit }) else { throw DatabaseError.transactionAborted }
    }

    /// What is sent after the end would run outside the transaction, so the gate closes first.
    private func requireOpen() throws {
        guard isOpen.withLock({ $0 }) else { throw DatabaseError.transactionClosed }
    }

    func closeGate() { isOpen.withLock { $0 = false } }

    private func command(_ sql: String) async throws {
        try checkGate()
        _ = try await connection.perform([.unnamed(sql, Parameters())], access: .read, isCancellable: false)
    }
}

/// A transaction that has begun, and the loan of its connection.
typealias OpenTransaction = (
    transaction: DatabaseTransaction, lease: ConnectionPool<DatabaseConnection>.Lease
)

extension Database {
    /// Runs the body in a transaction: it commits when the body returns and rolls back when it throws.
    ///
    /// - Parameters:
    ///   - user: the acting user, set in the same flight as BEGIN.
    ///   - retries: how often the body may be run again from the start after a serialization failure, a
    ///     deadlock or ``DatabaseError/stalePlan(statement:)``; only where it may be repeated, since its effects
    ///     outside the database are not undone.
    /// - Throws: the body's error, or ``DatabaseError``; ``DatabaseError/outcomeUnknown(statement:)`` where the
    ///   answer to COMMIT did not arrive.
    public func transaction<T>(
        as user: UUID? = nil, isolation: Isolation = .readCommitted, readOnly: Bool = false, retries: Int = 0,
        _ body: (DatabaseTransaction) async throws -> T
    ) async throws -> T {
        var attempt = 0
        while true {
            do {
                return try await observer.tracingTransaction {
                    try await runOnce(as: user, isolation: isolation, readOnly: readOnly, body)
                }
            } catch let error as DatabaseError where error.mayRunAgain && attempt < retries {
                attempt += 1
                observer.metrics?.retried(error.isSerializationFailure ? .serialization : .stalePlan)
                // Full jitter keeps the two that met from meeting again.
                try await Task.sleep(for: .milliseconds(Int.random(in: 1...(10 << min(attempt, 6)))))
            }
        }
    }

    private func runOnce<T>(
        as user: UUID?, isolation: Isolation, readOnly: Bool, _ body: (DatabaseTransaction) async throws -> T
    ) async throws -> T {
        let (transaction, lease) = try await begin(as: user, isolation: isolation, readOnly: readOnly)
        do {
            let value = try await body(transaction)
            try await end(transaction, lease)
            return value
        } catch {
            await undo(transaction, lease)
            throw error
        }
    }

    /// A transaction that has begun. A connection that was lost in the pool, and shows it only now, is replaced:
    /// nothing was begun on it.
    func begin(as user: UUID?, isolation: Isolation, readOnly: Bool) async throws -> OpenTransaction {
        let begin = "BEGIN ISOLATION LEVEL \(isolation.rawValue)\(readOnly ? " READ ONLY" : "")"
        var opening: [Command] = [.unnamed(begin, Parameters())]
        if let user {
            // To prepare it would take a snapshot ahead of BEGIN, which no isolation but the server's own allows.
            opening.append(
                isolation == .readCommitted
                    ? .execute(Database.actAs, .user(user))
                    : .onBehalf(of: Database.actAs, sql: Database.actAs.sql, .user(user)))
        }
        let end = ContinuousClock.now.advanced(by: configuration.acquireTimeout)
        while true {
            let lease = try await lease(for: user)
            let transaction = DatabaseTransaction(
                connection: lease.connection, opening: opening, observer: observer,
                copyTimeout: configuration.copyTimeout)
            do {
                _ = try await lease.connection.perform(opening, access: .read)
                return (transaction, lease)
            } catch {
                await undo(transaction, lease)
                guard let reason = (error as? DatabaseError)?.reasonToBeginElsewhere, .now < end else {
                    throw error
                }
                observer.metrics?.retried(reason)
            }
        }
    }

    /// Commits, and gives the connection back where that succeeded.
    func end(
        _ transaction: DatabaseTransaction, _ lease: ConnectionPool<DatabaseConnection>.Lease
    ) async throws {
        transaction.closeGate()
        try Task.checkCancellation()
        try transaction.requireWhole()
        do {
            release(lease, isReusable: try await lease.connection.commit())
        } catch DatabaseError.outcomeUnknown(let statement) {
            observer.metrics?.outcomeIsUnknown(statement)
            throw DatabaseError.outcomeUnknown(statement: statement)
        }
    }

    /// Rolls back, and gives the connection back.
    func undo(
        _ transaction: DatabaseTransaction, _ lease: ConnectionPool<DatabaseConnection>.Lease
    ) async {
        transaction.closeGate()
        release(lease, isReusable: await lease.connection.rollBack())
    }
}

extension DatabaseError {
    fileprivate var mayRunAgain: Bool {
        if case .stalePlan = self { return true }
        return isSerializationFailure
    }

    /// The server refused what a statement says, and would again: no lost race, shortage, lock or cancellation.
    fileprivate var isRefusalOfContent: Bool {
        guard let sqlState else { return false }
        return !["40", "53", "55", "57"].contains { sqlState.hasPrefix($0) }
    }

    /// Why a transaction that could not begin on one connection is to begin on another.
    fileprivate var reasonToBeginElsewhere: DatabaseMetrics.Retry? {
        if case .unavailable = self { return .connection }
        return wantsFreshPlans ? .stalePlan : nil
    }
}
