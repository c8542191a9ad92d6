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

    private let slow: SlowStatements

    init(connection: DatabaseConnection, slow: SlowStatements) {
        self.connection = connection
        self.slow = slow
    }

    public func execute(_ statement: Statement, _ parameters: Parameters) async throws -> QueryResult {
        // What is sent after the end would run outside the transaction, so the gate closes first.
        guard isOpen.withLock({ $0 }) else { throw DatabaseError.transactionClosed }
        do {
            return try await slow.measure(statement.name) {
                try await connection.perform([.execute(statement, parameters)], access: statement.access)
                    .last.unwrap(statement.name)
            }
        } catch DatabaseError.outcomeUnknown(let name) {
            // Nothing is committed before COMMIT: a connection that is lost here has undone everything.
            throw DatabaseError.unavailable("the connection was lost inside the transaction, at \(name)")
        }
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
            try await command("ROLLBACK TO SAVEPOINT \(name)")
            throw error
        }
    }

    /// Throws where the transaction has ended.
    func checkGate() throws {
        guard isOpen.withLock({ $0 }) else { throw DatabaseError.transactionClosed }
    }

    func closeGate() { isOpen.withLock { $0 = false } }

    private func command(_ sql: String) async throws {
        guard isOpen.withLock({ $0 }) else { throw DatabaseError.transactionClosed }
        _ = try await connection.perform([.unnamed(sql, Parameters())], access: .read, isCancellable: false)
    }
}

extension Database {
    /// Runs the body in a transaction: it commits when the body returns and rolls back when it throws.
    ///
    /// - Parameters:
    ///   - user: the acting user, set in the same flight as BEGIN.
    ///   - retries: how often the body may be run again from the start after a serialization failure or a
    ///     deadlock; only where it may be repeated, since its effects outside the database are not undone.
    /// - Throws: the body's error, or ``DatabaseError``; ``DatabaseError/outcomeUnknown(statement:)`` where the
    ///   answer to COMMIT did not arrive.
    public func transaction<T>(
        as user: UUID? = nil, isolation: Isolation = .readCommitted, readOnly: Bool = false, retries: Int = 0,
        _ body: (DatabaseTransaction) async throws -> T
    ) async throws -> T {
        var attempt = 0
        while true {
            do {
                return try await runOnce(as: user, isolation: isolation, readOnly: readOnly, body)
            } catch let error as DatabaseError where error.isSerializationFailure && attempt < retries {
                attempt += 1
                // Full jitter keeps the two that met from meeting again.
                try await Task.sleep(for: .milliseconds(Int.random(in: 1...(10 << min(attempt, 6)))))
            }
        }
    }

    private func runOnce<T>(
        as user: UUID?, isolation: Isolation, readOnly: Bool, _ body: (DatabaseTransaction) async throws -> T
    ) async throws -> T {
        let lease = try await lease()
        let transaction = DatabaseTransaction(connection: lease.connection, slow: slow)
        do {
            try await begin(lease, as: user, isolation: isolation, readOnly: readOnly)
            let value = try await body(transaction)
            try await end(transaction, lease)
            return value
        } catch {
            throw await undo(transaction, lease, after: error)
        }
    }

    func begin(
        _ lease: ConnectionPool<DatabaseConnection>.Lease, as user: UUID?, isolation: Isolation,
        readOnly: Bool
    ) async throws {
        let begin = "BEGIN ISOLATION LEVEL \(isolation.rawValue)\(readOnly ? " READ ONLY" : "")"
        var opening: [Command] = [.unnamed(begin, Parameters())]
        if let user { opening.append(.execute(Database.actAs, .user(user))) }
        _ = try await lease.connection.perform(opening, access: .read)
    }

    /// Commits, and gives the connection back where that succeeded.
    func end(
        _ transaction: DatabaseTransaction, _ lease: ConnectionPool<DatabaseConnection>.Lease
    ) async throws {
        transaction.closeGate()
        try Task.checkCancellation()
        await lease.connection.closeUnfinishedCopy()
        try await commit(lease.connection)
        await release(lease)
    }

    /// Rolls back, gives the connection back, and says what the caller is to hear.
    func undo(
        _ transaction: DatabaseTransaction, _ lease: ConnectionPool<DatabaseConnection>.Lease,
        after error: any Error
    ) async -> any Error {
        let connection = lease.connection
        transaction.closeGate()
        await connection.closeUnfinishedCopy()
        if await connection.isUsable {
            _ = try? await connection.perform(
                [.unnamed("ROLLBACK", Parameters())], access: .read, isCancellable: false)
        }
        let isStale = (error as? DatabaseError)?.wantsFreshPlans == true
        if isStale { await connection.retire() }
        await release(lease)
        // All was undone, and a new connection has new plans: the caller may simply try again.
        return isStale ? DatabaseError.unavailable("a table changed under a prepared statement") : error
    }

    private func commit(_ connection: DatabaseConnection) async throws {
        do {
            let result = try await connection.perform(
                [.unnamed("COMMIT", Parameters())], access: .write, isCancellable: false
            ).last.unwrap("COMMIT")
            guard result.command == "COMMIT" else { throw DatabaseError.transactionAborted }
        } catch DatabaseError.unavailable {
            // The connection was gone before COMMIT was sent, so it was never asked for.
            throw DatabaseError.unavailable("the connection was lost before COMMIT")
        }
    }
}
