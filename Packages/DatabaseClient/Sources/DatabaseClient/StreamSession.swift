import ConnectionPool
import Foundation
import Synchronization

/// A transaction that lives as long as somebody iterates: it begins with the first step, commits after the last,
/// and is undone where a step fails or the iterator is let go.
final class StreamSession: Sendable {
    private let database: Database
    private let user: UUID?
    private let open = Mutex<OpenTransaction?>(nil)
    private let isFinished = Mutex(false)

    init(database: Database, user: UUID?) {
        self.database = database
        self.user = user
    }

    deinit {
        guard let left = open.withLock({ $0 }) else { return }
        Task { [database] in await database.undo(left.transaction, left.lease) }
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
            await database.undo(current.transaction, current.lease)
            throw error
        }
    }

    private func begun() async throws -> OpenTransaction {
        if let open = open.withLock({ $0 }) { return open }
        do {
            let begun = try await database.begin(as: user, isolation: .readCommitted, readOnly: true)
            open.withLock { $0 = begun }
            return begun
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
    private let isRaised = Mutex(false)

    func raise() -> Bool {
        isRaised.withLock { raised in
            defer { raised = true }
            return !raised
        }
    }
}
