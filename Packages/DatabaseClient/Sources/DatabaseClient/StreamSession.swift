import ConnectionPool
import Foundation
import Synchronization

/// A transaction that lives as long as somebody iterates: it begins with the first step, commits after the last,
/// and is undone where a step fails or the iterator is let go.
final class StreamSession: Sendable {
    private typealias Open = (
        lease: ConnectionPool<DatabaseConnection>.Lease, transaction: DatabaseTransaction
    )

    private let database: Database
    private let user: UUID?
    private let open = Mutex<Open?>(nil)
    private let isFinished = Mutex(false)

    init(database: Database, user: UUID?) {
        self.database = database
        self.user = user
    }

    deinit {
        guard let left = open.withLock({ $0 }) else { return }
        Task { [database] in _ = await database.undo(left.transaction, left.lease, after: CancellationError())
        }
    }

    /// One step; nil from it is the end.
    func step<T: Sendable>(_ body: (DatabaseTransaction) async throws -> T?) async throws -> T? {
        guard !isFinished.withLock({ $0 }) else { return nil }
        let current = try await begun()
        do {
            if let value = try await body(current.transaction) { return value }
            finish()
            try await database.end(current.transaction, current.lease)
            return nil
        } catch {
            finish()
            throw await database.undo(current.transaction, current.lease, after: error)
        }
    }

    private func begun() async throws -> Open {
        if let open = open.withLock({ $0 }) { return open }
        let lease = try await database.lease()
        let transaction = DatabaseTransaction(connection: lease.connection, slow: database.slow)
        do {
            try await database.begin(lease, as: user, isolation: .readCommitted, readOnly: true)
        } catch {
            isFinished.withLock { $0 = true }
            throw await database.undo(transaction, lease, after: error)
        }
        open.withLock { $0 = (lease, transaction) }
        return (lease, transaction)
    }

    private func finish() {
        isFinished.withLock { $0 = true }
        open.withLock { $0 = nil }
    }
}

/// Says once that it is the first time.
final class OnceFlag: Sendable {
    private let isRaised = Mutex(false)

    func raise() -> Bool {
        isRaised.withLock { raised in
            defer { raised = true }
            return !raised
        }
    }
}
