import DatabaseClient
import EventLog
import Foundation
import ServiceKit
import SharedTypes

extension UsersModule {
    /// Closes the account of who has proven its password: every session ends and no log-in succeeds any more. The
    /// row stays; erasing it is an operator's job. Throws `changedMeanwhile`.
    func closeAccount(
        of principal: Principal, proven: ProvenPassword, on transaction: DatabaseTransaction
    ) async throws {
        let now = Date()
        let userID = principal.userID
        try await holdAccount(of: principal, proven: proven, on: transaction)
        _ = try await transaction.closeUser(now: now, userID: userID)
        try await transaction.voidEmailTokens(now: now, userID: userID, kind: .verification)
        try await transaction.voidEmailTokens(now: now, userID: userID, kind: .passwordReset)
        try await endSessions(of: userID, because: .accountClosed, on: transaction, at: now)
        try await events.append(
            UserClosed(userID: userID, closedAt: now),
            in: OperationContext(user: userID, transaction: transaction, now: now))
    }
}
