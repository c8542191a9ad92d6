import DatabaseClient
import EventLog
import Foundation
import SharedTypes

extension UsersModule {
    /// Sets a new password by the token of a message and ends every session. Throws `invalidEmailToken` and
    /// `invalid`; a password that is refused does not use the token up.
    func confirmPasswordReset(_ text: String, newPassword: String) async throws {
        let now = Date()
        guard let token = OpaqueToken(parsing: text, as: .email) else { throw UsersError.invalidEmailToken }
        let userID = token.userID
        try await database.transaction(as: userID.uuid) { transaction in
            // The row stays locked until the end, so of many redemptions at once one succeeds.
            let written = try await transaction.redeemEmailToken(
                now: now, userID: userID, tokenHash: token.hash, kind: .passwordReset)
            guard let written, let held = try await transaction.holdPassword(userID: userID),
                held.email == written, held.status != .closed
            else { throw UsersError.invalidEmailToken }
            let email = try check("email") { () throws(ParseError) in try EmailAddress(parsing: written) }
            let password = try check("new_password") { () throws(ParseError) in
                try PasswordPolicy.accept(newPassword, email: email)
            }
            let passwordHash = try await passwords.hash(password)
            try await transaction.changePasswordHash(passwordHash: passwordHash, now: now, userID: userID)
            try await transaction.voidEmailTokens(now: now, userID: userID, kind: .passwordReset)
            try await endSessions(of: userID, because: .passwordReset, on: transaction, at: now)
            try await events.append(PasswordChanged(changedAt: now), of: userID, in: transaction)
        }
    }
}
