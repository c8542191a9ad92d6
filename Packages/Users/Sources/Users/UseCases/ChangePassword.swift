import DatabaseClient
import EventLog
import ExactTypes
import Foundation
import ServiceKit
import SharedTypes

/// A change of password whose slow part is done.
struct PasswordChange: Sendable {
    let proven: ProvenPassword
    let passwordHash: String
}

extension UsersModule {
    /// Checks the current password and hashes the new one. Throws `wrongPassword`, `invalid` and
    /// `tooManyAttempts`.
    func preparePasswordChange(
        of principal: Principal, from current: String, to new: String, client: Client
    ) async throws -> PasswordChange {
        let now = Date()
        let proven = try await provePassword(current, of: principal, from: client, at: now)
        let email = try check("email") { () throws(ParseError) in try EmailAddress(parsing: proven.email) }
        let password = try check("new_password") { () throws(ParseError) in
            try PasswordPolicy.accept(new, email: email)
        }
        let passwordHash = try await hashNewPassword(
            password, of: principal.userID, from: client.address, at: now)
        return PasswordChange(proven: proven, passwordHash: passwordHash)
    }

    /// Sets a new password for who knows the current one, and ends every other session. Throws
    /// `changedMeanwhile`.
    func changePassword(
        of principal: Principal, _ change: PasswordChange, on transaction: DatabaseTransaction
    ) async throws {
        let now = Date()
        let userID = principal.userID
        try await holdAccount(of: principal, proven: change.proven, on: transaction)
        try await transaction.changePasswordHash(passwordHash: change.passwordHash, now: now, userID: userID)
        try await transaction.voidEmailTokens(now: now, userID: userID, kind: .passwordReset)
        try await endSessions(
            of: userID, because: .passwordChanged, keeping: principal.sessionID, on: transaction, at: now)
        try await events.append(
            PasswordChanged(changedAt: now),
            in: OperationContext(user: userID, transaction: transaction, now: now))
    }
}
