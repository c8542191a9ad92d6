import ConnectionPool
import Foundation
import Synchronization

/// A transaction that lives as long as somebody iterates: it begins with the first step, commits after the last,
/// and is undone where a step fails or the iterator is let go.
final class StreamSession: Sendable {
    private let database: Database
    private let user: UUID?
    private let open = Mutex<DatabaseTransaction?>(nil)
    private let isFinished = Mutex(false)

    init(database: Database, user: UUID?) {
        self.database = database
        self.user = user
    }

    deinit {
        guard let left = open.withLock({ $0 }) else { return }
        Task { [database] in await database.undo(left) }
    }

    /// One step; nil from it is the end.
    func step<T: Sendable>(_ body: (DatabaseTransaction) async throws -> T?) async throws -> T? {
        guard !isFinished.withLock({ $0 }) else { return nil }
        let current = try await begun()
        do {
            if let value = try await body(current) { return value }
            finish()
            try await database.end(current)
            return nil
        } catch {
            finish()
            await database.undo(current)
            throw error
        }
    }

    private func begun() async throws -> DatabaseTransaction {
        if let open = open.withLock({ $0 }) { return open }
        do {
            let transaction = try await database.begin(as: user, isolation: .readCommitted, readOnly: true)
            open.withLock { $0 = transaction }
            return transaction
        } catch {
            isFinished.withLock { $0 = true }
            throw error
        }
    }

    private func finish() {
        isFinished.withLock { $0 = true }
        open.withLock { $0 = nil }
    }
}

/// Says once that it is the first time.
final class OnceFlag: Sendable {
    private let raised = Mutex(false)

    var isRaised: Bool { raised.withLock { $0 } }

    func raise() -> Bool {
        raised.withLock { raised in
            defer { raised = true }
            return !raised
        }
    }
}
