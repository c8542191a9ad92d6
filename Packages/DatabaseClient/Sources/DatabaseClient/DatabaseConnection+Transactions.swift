import CLibPQ
import Foundation

// The ends of a transaction, each in one visit to the database thread.
extension DatabaseConnection {
    /// Undoes what was begun, forgets every plan and begins again, in one flight: what else is sent here runs before all of
    /// it or after.
    func beginAnew(_ opening: [Command]) async throws {
        // Nothing can be prepared in a transaction that has failed, so what follows BEGIN goes unnamed.
        let rest = opening.dropFirst().map { command in
            guard case .execute(let statement, let parameters) = command else { return command }
            return Command.onBehalf(of: statement, sql: statement.sql, parameters)
        }
        let deallocate = Command.unnamed("DEALLOCATE ALL", Parameters())
        _ = try await perform([.rollback] + opening.prefix(1) + [deallocate] + rest, access: .read)
        // Only now: where the flight was not sent, or its answer not awaited, the session may still have them, and the
        // connection stays retired.
        forgetPlans()
    }

    /// Commits, in one flight with what is still held back.
    /// - Returns: whether the connection may go back to the pool. No SQL is asked for that: what libpq knows of
    ///   the session's state decides.
    func commit(_ request: PendingRequest) async throws -> Bool {
        closeUnfinishedCopy()
        answerLimit = limits.answer
        if holdsAnEmptyTransaction {
            takeHeld()
            return isIdle
        }
        do {
            let result = try await perform(request, isCancellable: false).last.unwrap("COMMIT")
            guard result.command == "COMMIT" else { throw DatabaseError.transactionAborted }
        } catch DatabaseError.unavailable {
            // The connection was gone before COMMIT was sent, so it was never asked for.
            throw DatabaseError.unavailable("the connection was lost before COMMIT")
        }
        return isIdle
    }

    /// Stops what is under way and rolls back.
    /// - Returns: whether the connection may go back to the pool.
    func rollBack() async -> Bool {
        takeHeld()
        await stopWhatIsUnderWay()
        closeUnfinishedCopy()
        answerLimit = limits.answer
        // Where nothing has begun, there is nothing to undo.
        if case .open = phase, !isIdle {
            _ = try? await perform([.rollback], access: .read, isCancellable: false)
        }
        return isIdle
    }

    private var isBusy: Bool {
        if case .copying = phase { return true }
        return !hasNothingUnderWay
    }

    /// Asks the server to stop what runs here, so that a ROLLBACK need not wait for it. Only on a connection that
    /// nobody shares: the request names the session and not the statement. Returns when the server has been
    /// told, for a request that came later could hit the next one's statement.
    private func stopWhatIsUnderWay() async {
        guard isBusy, let handle, let raw = PQgetCancel(handle.raw) else { return }
        let isFirst = OnceFlag()
        let cancel = CancelRequest(raw: raw)
        let isTold = await withCheckedContinuation { (told: CheckedContinuation<Bool, Never>) in
            // PQcancel makes a connection of its own and blocks for as long as that takes.
            Thread {
                let isTold = cancel.send()
                if isFirst.raise() { told.resume(returning: isTold) }
            }.start()
            DispatchQueue.global().asyncAfter(deadline: .now() + 2) {
                if isFirst.raise() { told.resume(returning: false) }
            }
        }
        if !isTold { fail(.unavailable("the server could not be asked to stop a statement")) }
    }
}

/// libpq's request to stop what a session does.
private final class CancelRequest: @unchecked Sendable {
    // @unchecked is sound: libpq allows a PGcancel in any thread, and only the one that sends it uses this.
    private let raw: OpaquePointer

    init(raw: OpaquePointer) { self.raw = raw }

    deinit { PQfreeCancel(raw) }

    func send() -> Bool {
        var message = [CChar](repeating: 0, count: 256)
        return PQcancel(raw, &message, Int32(message.count)) == 1
    }
}
