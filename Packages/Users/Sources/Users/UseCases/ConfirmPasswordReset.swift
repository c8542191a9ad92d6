import DatabaseClient
import EventLog
import ExactTypes
import Foundation
import SharedTypes

/// A reset of a password whose slow part is done.
struct PasswordReset: Sendable {
    let token: OpaqueToken
    /// Where the token was sent.
    let email: String
    let passwordHash: String
}

/// Looks the token of a message up and hashes the new password. Throws `invalidEmailToken`, a fault of a field and
/// `tooManyAttempts`; a password that is refused does not use the token up.
///
/// The limits of the account do not count here: who knows its password could use them up, and keep the owner of the
/// mailbox out with them.
func preparePasswordReset(
    _ token: OpaqueToken, newPassword: String, from client: Client, by passwords: PasswordGuard,
    on database: Database, at now: Date
) async throws -> PasswordReset {
    let written = try await database.acting(as: token.userID.uuid).findEmailToken(
        userID: token.userID, tokenHash: token.hash, kind: .passwordReset, now: now)
    guard let written else { throw UsersError.invalidEmailToken }
    let email = try FieldError.checked("email", written, AccountEmail.init(parsing:))
    let password = try FieldError.checked("new_password", newPassword) { text throws(ParseError) in
        try PasswordPolicy.accept(text, email: email)
    }
    try await passwords.attempts.record(AttemptSubject(.passwordAddress, client.address), at: now)
    return PasswordReset(
        token: token, email: written,
        passwordHash: try await passwords.hasher.hash(password, for: client.address))
}

/// Sets a new password by the token of a message and ends every session. Throws `invalidEmailToken`.
///
/// The token proves the mailbox as one of a verification does. So an email that was not verified is from now on, and what
/// the account said of itself before goes: others may have signed up with the email.
func confirmPasswordReset(
    _ reset: PasswordReset, events: EventLog, in context: OperationContext
) async throws {
    let (userID, transaction, now) = (reset.token.userID, context.transaction, context.now)
    // The account stays locked until the end, so of many redemptions at once one succeeds.
    guard let locked = try await transaction.lockPassword(userID: userID),
        locked.email == reset.email, locked.status != .closed,
        try await transaction.redeemEmailToken(
            now: now, userID: userID, tokenHash: reset.token.hash, kind: .passwordReset) != nil
    else { throw UsersError.invalidEmailToken }
    try await transaction.changePasswordHash(passwordHash: reset.passwordHash, now: now, userID: userID)
    try await voidEmailTokens(.passwordReset, in: context)
    try await endSessions(because: .passwordReset, in: context)
    if locked.emailVerifiedAt == nil { try await beginAnew(reset.email, events: events, in: context) }
    // After the verification: the notice of the new password has an address to go to.
    try await events.append(PasswordChanged(changedAt: now), in: context)
}

/// Lets the account set passwords and begin sessions again, whoever used its limits up before a reset.
func forgetAccountLimits(of userID: User.ID, in attempts: AttemptCounter) async throws {
    for scope in [AttemptScope.sessionAccount, .passwordChangeAccount] {
        try await attempts.forget(AttemptSubject(scope: scope, text: userID.description))
    }
}

/// Verifies the email, and gives the account the profile and the preferences of a new one.
private func beginAnew(_ email: String, events: EventLog, in context: OperationContext) async throws {
    _ = try await verifyEmail(email, events: events, in: context)
    try await voidEmailTokens(.verification, in: context)
    _ = try await storeProfile(.standard(email: email), events: events, in: context)
    _ = try await storePreferences(.standard, events: events, in: context)
}
