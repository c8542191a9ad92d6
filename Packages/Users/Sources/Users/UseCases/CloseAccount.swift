import DatabaseClient
import EventLog
import Foundation
import ServiceKit
import SharedTypes

extension UsersModule {
    /// Closes the account of who knows its password: every session ends and no log-in succeeds any more. The
    /// row stays; erasing it is an operator's job. Throws `wrongPassword` and `tooManyAttempts`.
    func closeAccount(
        of principal: Principal, password: String, client: Client, on transaction: DatabaseTransaction
    ) async throws {
        let now = Date()
        let userID = principal.userID
        _ = try await provePassword(password, of: principal, client: client, on: transaction, at: now)
        _ = try await transaction.closeUser(now: now, userID: userID)
        try await transaction.voidEmailTokens(now: now, userID: userID, kind: .verification)
        try await transaction.voidEmailTokens(now: now, userID: userID, kind: .passwordReset)
        try await endSessions(of: userID, because: .accountClosed, on: transaction, at: now)
        try await events.append(UserClosed(userID: userID, closedAt: now), of: userID, in: transaction)
    }
}
