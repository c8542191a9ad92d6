import ConnectionPool
public import Foundation
import Synchronization

/// How much of the others' work a transaction sees.
public enum Isolation: String, Sendable {
    case readCommitted = "READ COMMITTED"
    case repeatableRead = "REPEATABLE READ"
    case serializable = "SERIALIZABLE"
}

/// An open transaction. Statements that run at the same time, as with `async let`, share flights; BEGIN goes out with the
/// first of them.
public final class DatabaseTransaction: QueryExecutor {
    private let database: Database
    /// Whose share of the pool it comes out of.
    private let user: UUID?
    /// BEGIN, and who acts.
    private let opening: [Command]
    /// Until when it may begin on another connection where one was lost.
    private let beginsUntil: ContinuousClock.Instant
    /// nil once the connection has gone back to the pool.
    private let lease: Mutex<ConnectionPool<DatabaseConnection>.Lease?>
    private let former: Mutex<DatabaseConnection>
    private let isOpen = Mutex(true)
    private let savepoints = Mutex(0)
    private let history = Mutex(TransactionHistory())

    var observer: StatementObserver { database.observer }
    var copyTimeout: Duration { database.configuration.copyTimeout }
    var connection: DatabaseConnection { former.withLock { $0 } }

    init(
        on database: Database, for user: UUID?, opening: [Command],
        lease: ConnectionPool<DatabaseConnection>.Lease
    ) {
        self.database = database
        self.user = user
        self.opening = opening
        self.lease = Mutex(lease)
        former = Mutex(lease.connection)
        beginsUntil = .now.advanced(by: database.configuration.acquireTimeout)
        lease.connection.hold(opening)
    }

    public func execute(_ statement: Statement, _ parameters: Parameters) async throws -> QueryResult {
        try requireOpen()
        return try await observer.measure(statement.name, sql: statement.sql) {
            try await tracked {
                try await sendOnFreshPlans(
                    [.execute(statement, parameters)], of: statement.name, access: statement.access)
            }.last.unwrap(statement.name)
        }
    }

    /// Runs statements in one flight, one behind the other.
    /// - Returns: their results in order.
    public func batch(_ statements: [(Statement, Parameters)]) async throws -> [QueryResult] {
        guard let last = statements.last?.0 else { return [] }
        try requireOpen()
        let access: Statement.Access = statements.contains { $0.0.access == .write } ? .write : .read
        let start = ContinuousClock.now
        let commands = statements.map { Command.execute($0.0, $0.1) }
        let results = try await observer.measure(last.name, sql: last.sql) {
            try await tracked { try await sendOnFreshPlans(commands, of: last.name, access: access) }
        }
        observer.ended(commands.dropLast(), since: start, nil)
        guard results.count >= statements.count else {
            throw DatabaseError.unavailable("\(results.count) results for \(statements.count) statements")
        }
        return Array(results.suffix(statements.count))
    }

    /// Where statements run that are not waited for: they go out with the next one that is awaited, or with COMMIT, in
    /// their order. What of them fails, fails there, under its own name. There is no answer to read.
    public var deferred: DeferredStatements { DeferredStatements(transaction: self) }

    public struct DeferredStatements: QueryExecutor {
        fileprivate let transaction: DatabaseTransaction

        public func execute(_ statement: Statement, _ parameters: Parameters) async throws -> QueryResult {
            try transaction.requireOpen()
            try transaction.history.withLock { history throws(DatabaseError) in try history.admit() }
            let result = try QueryResult.deferred(statement.name)
            transaction.connection.hold([.execute(statement, parameters)])
            return result
        }
    }

    // MARK: Flights

    private typealias Flight = (request: PendingRequest, results: [QueryResult])

    /// Notes in the history what a flight has done.
    private func tracked(_ send: () async throws -> Flight) async throws -> [QueryResult] {
        try history.withLock { history throws(DatabaseError) in try history.began() }
        do {
            let flight = try await send()
            let steps = zip(flight.request.statements, flight.results.suffix(flight.request.statements.count))
                .compactMap { command, result -> TransactionHistory.Step? in
                    guard case .execute(let statement, let parameters) = command else { return nil }
                    return .init(statement: statement, parameters: parameters, result: result)
                }
            history.withLock { $0.ended(steps) }
            return flight.results
        } catch {
            history.withLock { $0.ended(nil) }
            throw error
        }
    }

    /// A table that changed under a prepared statement fails the transaction before the statement does anything, and
    /// all before it is undone: it is begun anew, with its statements prepared anew.
    private func sendOnFreshPlans(
        _ commands: [Command], of name: String, access: Statement.Access, isLast: Bool = false
    ) async throws -> Flight {
        while true {
            let request = PendingRequest(commands, of: name, access: access, on: connection.executor)
            let start = ContinuousClock.now
            do {
                let flight = try await send(request)
                observer.ended(flight.request.heldStatements, since: start, nil)
                return flight
            } catch let error as DatabaseError where error.wantsFreshPlans {
                try await beginAnew(for: name, isLast: isLast)
                connection.hold(request.heldStatements)
            } catch {
                observer.ended(request.heldStatements, since: start, error)
                throw error
            }
        }
    }

    /// Sends a request. Where it is lost with BEGIN, the transaction begins on another connection: nothing of it is
    /// committed before COMMIT.
    private func send(_ first: PendingRequest) async throws -> Flight {
        var request = first
        while true {
            do {
                return (request, try await connection.perform(request))
            } catch let error as DatabaseError {
                switch error {
                case .unavailable, .outcomeUnknown: break
                default: throw error
                }
                guard request.name != Self.commit else { throw error }
                guard .now < beginsUntil, try await beginElsewhere(request) else {
                    throw DatabaseError.unavailable(
                        "the connection was lost inside the transaction, at \(request.name)")
                }
                request = PendingRequest(
                    Array(request.commands.dropFirst(request.heldCount)), of: request.name,
                    access: request.access, on: connection.executor)
            }
        }
    }

    /// Begins on another connection, where nothing was answered on the one that was lost.
    /// - Returns: false where something was.
    private func beginElsewhere(_ lost: PendingRequest) async throws -> Bool {
        guard history.withLock({ $0.mayBeginElsewhere(for: lost.name) }) else { return false }
        observer.metrics?.retried(.connection)
        do {
            let unsent = await connection.takeHeld()
            let held =
                opening + (lost.heldStatements.isEmpty ? unsent.filter(\.isOfCaller) : lost.heldStatements)
            await rollBack()
            let next = try await database.lease(for: user)
            next.connection.hold(held)
            lease.withLock { $0 = next }
            former.withLock { $0 = next.connection }
            history.withLock { $0.endRepetition(isWhole: true) }
            return true
        } catch {
            history.withLock { $0.endRepetition(isWhole: false) }
            throw error
        }
    }

    /// Repeats all that came before a statement.
    private func beginAnew(for statement: String, isLast: Bool) async throws {
        let stale = DatabaseError.stalePlan(statement: statement)
        while true {
            guard let steps = history.withLock({ $0.beginRepetition(for: statement) }) else { throw stale }
            observer.metrics?.retried(.stalePlan)
            do {
                if !isLast { try requireOpen() }
                try await connection.beginAnew(opening)
                for step in steps {
                    if !isLast { try requireOpen() }
                    let request = PendingRequest(
                        [.execute(step.statement, step.parameters)], of: step.statement.name,
                        access: step.statement.access, on: connection.executor)
                    let result = try await sendAgain(request)
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

    private func sendAgain(_ request: PendingRequest) async throws -> QueryResult {
        do {
            return try await connection.perform(request).last.unwrap(request.name)
        } catch DatabaseError.outcomeUnknown(let name) {
            throw DatabaseError.unavailable("the connection was lost inside the transaction, at \(name)")
        }
    }

    /// Begins now, and not with the first statement: for what is no plain statement.
    func begin() async throws {
        guard await connection.holdsBegin else { return }
        _ = try await tracked { try await sendOnFreshPlans([], of: "BEGIN", access: .read) }
    }

    private static let commit = Command.commit.statementName

    /// Commits, and gives the connection back. The gate is closed.
    func commit() async throws {
        try history.withLock { history throws(DatabaseError) in try history.began() }
        defer { history.withLock { $0.ended(nil) } }
        while true {
            let request = PendingRequest(
                [.commit], of: Self.commit, access: .write, on: connection.executor)
            let start = ContinuousClock.now
            do {
                let isReusable = try await connection.commit(request)
                observer.ended(request.heldStatements, since: start, nil)
                return giveBack(isReusable: isReusable)
            } catch let error as DatabaseError where error.wantsFreshPlans {
                try await beginAnew(for: error.statement ?? Self.commit, isLast: true)
                connection.hold(request.heldStatements)
            } catch {
                observer.ended(request.heldStatements, since: start, error)
                throw error
            }
        }
    }

    /// Undoes what was done, and gives the connection back.
    func rollBack() async {
        guard lease.withLock({ $0 != nil }) else { return }
        giveBack(isReusable: await connection.rollBack())
    }

    private func giveBack(isReusable: Bool) {
        if let lease = lease.withLock({ $0.take() }) { database.release(lease, isReusable: isReusable) }
    }

    // MARK: What is no plain statement

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
        try await begin()
        try await command("SAVEPOINT \(name)")
        do {
            let value = try await body()
            try await command("RELEASE SAVEPOINT \(name)")
            return value
        } catch {
            // Who is cancelled loses the whole transaction, and need not wait here for what still runs.
            if !Task.isCancelled {
                await connection.takeHeld()
                try await command("ROLLBACK TO SAVEPOINT \(name)")
            }
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
        let request = PendingRequest(
            [.unnamed(sql, Parameters())], of: sql, access: .read, on: connection.executor)
        let start = ContinuousClock.now
        do {
            _ = try await connection.perform(request, isCancellable: false)
            observer.ended(request.heldStatements, since: start, nil)
        } catch {
            observer.ended(request.heldStatements, since: start, error)
            throw error
        }
    }
}

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
        let transaction = try await begin(as: user, isolation: isolation, readOnly: readOnly)
        do {
            let value = try await body(transaction)
            try await end(transaction)
            return value
        } catch {
            await undo(transaction)
            throw error
        }
    }

    /// A transaction on a connection of its own. It begins with its first statement.
    func begin(as user: UUID?, isolation: Isolation, readOnly: Bool) async throws -> DatabaseTransaction {
        let isOrdinary = isolation == .readCommitted && !readOnly
        var opening: [Command] = [
            .begin(
                isOrdinary ? "" : " ISOLATION LEVEL \(isolation.rawValue)\(readOnly ? " READ ONLY" : "")")
        ]
        if let user { opening.append(.execute(Database.actAs, .user(user))) }
        return DatabaseTransaction(on: self, for: user, opening: opening, lease: try await lease(for: user))
    }

    /// Commits, and gives the connection back where that succeeded.
    func end(_ transaction: DatabaseTransaction) async throws {
        transaction.closeGate()
        try Task.checkCancellation()
        try transaction.requireWhole()
        do {
            try await transaction.commit()
        } catch DatabaseError.outcomeUnknown(let statement) {
            observer.metrics?.outcomeIsUnknown(statement)
            throw DatabaseError.outcomeUnknown(statement: statement)
        }
    }

    /// Rolls back, and gives the connection back.
    func undo(_ transaction: DatabaseTransaction) async {
        transaction.closeGate()
        await transaction.rollBack()
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

    /// Whose statement the server refused.
    fileprivate var statement: String? {
        guard case .server(let error) = self else { return nil }
        return error.statement
    }
}
