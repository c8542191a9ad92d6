import DatabaseClient
import EventLog
import ExactTypes
import Foundation
import SharedTypes

extension UsersModule {
    /// Sets a new password by the token of a message and ends every session. Throws `invalidEmailToken`, `invalid`
    /// and `tooManyAttempts`; a password that is refused does not use the token up.
    ///
    /// The token proves the mailbox as one of a verification does. So an email that was not verified is from now
    /// on, and what the account said of itself before goes: anybody may have signed up with the email.
    func confirmPasswordReset(_ text: String, newPassword: String, from client: Client) async throws {
        let now = Date()
        guard let token = OpaqueToken(parsing: text, as: .email) else { throw UsersError.invalidEmailToken }
        let userID = token.userID
        let written = try await database.acting(as: userID.uuid).findEmailToken(
            userID: userID, tokenHash: token.hash, kind: .passwordReset, now: now)
        guard let written else { throw UsersError.invalidEmailToken }
        let email = try check("email") { () throws(ParseError) in try EmailAddress(parsing: written) }
        let password = try check("new_password") { () throws(ParseError) in
            try PasswordPolicy.accept(newPassword, email: email)
        }
        // Before the transaction, which must not stay open for it. The limits of the account do not count here: who
        // knows its password could use them up, and keep the owner of the mailbox out with them.
        try await recordAttempt(AttemptSubject(.passwordAddress, client.address), at: now)
        let passwordHash = try await passwords.hash(password, for: client.address)
        try await database.transaction(as: userID.uuid) { transaction in
            // The account stays locked until the end, so of many redemptions at once one succeeds.
            guard let held = try await transaction.holdPassword(userID: userID),
                held.email == written, held.status != .closed,
                try await transaction.redeemEmailToken(
                    now: now, userID: userID, tokenHash: token.hash, kind: .passwordReset) != nil
            else { throw UsersError.invalidEmailToken }
            try await transaction.changePasswordHash(passwordHash: passwordHash, now: now, userID: userID)
            try await transaction.voidEmailTokens(now: now, userID: userID, kind: .passwordReset)
            try await endSessions(of: userID, because: .passwordReset, on: transaction, at: now)
            if held.emailVerifiedAt == nil {
                let registration = Registration(email: written, password: newPassword)
                try await beginAnew(userID, registration, on: transaction, at: now)
            }
            // After the verification: the notice of the new password has an address to go to.
            try await events.append(
                PasswordChanged(changedAt: now),
                in: OperationContext(user: userID, transaction: transaction, now: now))
        }
        for scope in [AttemptScope.sessionAccount, .passwordChangeAccount] {
            try await forgetAttempts(AttemptSubject(scope: scope, text: userID.description))
        }
    }

    /// Verifies the email, and gives the account the profile and the preferences of a new one.
    private func beginAnew(
        _ userID: User.ID, _ registration: Registration, on transaction: DatabaseTransaction, at now: Date
    ) async throws {
        _ = try await verifyEmail(registration.email, of: userID, on: transaction, at: now)
        try await transaction.voidEmailTokens(now: now, userID: userID, kind: .verification)
        guard let profile = try await transaction.findProfile(userID: userID),
            let preferences = try await transaction.findPreferences(userID: userID)
        else { return }
        _ = try await replaceProfile(
            of: userID, revision: profile.revision, with: registration.profile, on: transaction, at: now)
        _ = try await replacePreferences(
            of: userID, revision: preferences.revision, with: registration.preferences, on: transaction,
            at: now)
    }
}
