import DatabaseClient
import EventLog
import Foundation
import ServiceKit
import SharedTypes

extension UsersModule {
    /// Sets a new password for who knows the current one, and ends every other session. Throws
    /// `wrongPassword`, `invalid` and `tooManyAttempts`.
    ///
    /// The password is checked inside the transaction: a replay of the request is answered before, and would
    /// fail against the new password after.
    func changePassword(
        of principal: Principal, from current: String, to new: String, client: Client,
        on transaction: DatabaseTransaction
    ) async throws {
        let now = Date()
        let userID = principal.userID
        let account = try await provePassword(
            current, of: principal, client: client, on: transaction, at: now)
        let email = try check("email") { () throws(ParseError) in try EmailAddress(parsing: account.email) }
        let password = try check("new_password") { () throws(ParseError) in
            try PasswordPolicy.accept(new, email: email)
        }
        let passwordHash = try await passwords.hash(password)
        try await transaction.changePasswordHash(passwordHash: passwordHash, now: now, userID: userID)
        try await transaction.voidEmailTokens(now: now, userID: userID, kind: .passwordReset)
        try await endSessions(
            of: userID, because: .passwordChanged, keeping: principal.sessionID, on: transaction, at: now)
        try await events.append(PasswordChanged(changedAt: now), of: userID, in: transaction)
    }

    /// Holds the account and checks its password once more, before something that a borrowed access token
    /// must not do.
    func provePassword(
        _ password: String, of principal: Principal, client: Client, on transaction: DatabaseTransaction,
        at now: Date
    ) async throws -> HoldPasswordRow {
        _ = try await findAccount(of: principal, on: transaction)
        guard let held = try await transaction.holdPassword(userID: principal.userID) else {
            throw UsersError.sessionEnded
        }
        _ = try await checkPassword(
            password, of: held.email, against: held.passwordHash, from: client, orThrow: .wrongPassword,
            at: now)
        return held
    }
}
