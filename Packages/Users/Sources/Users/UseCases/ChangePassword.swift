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

/// Checks the current password and hashes the new one. Throws `wrongPassword`, a fault of a field and `tooManyAttempts`.
func preparePasswordChange(
    of principal: Principal, from current: String, to new: String, client: Client,
    by passwords: PasswordGuard, on database: Database, at now: Date
) async throws -> PasswordChange {
    let proven = try await requireCurrentPassword(
        current, of: principal, from: client, by: passwords, on: database, at: now)
    let email = try FieldError.checked("email", proven.email, AccountEmail.init(parsing:))
    let password = try FieldError.checked("new_password", new) { text throws(ParseError) in
        try PasswordPolicy.accept(text, email: email)
    }
    let passwordHash = try await hashNewPassword(
        password, of: principal.userID, from: client.address, by: passwords, at: now)
    return PasswordChange(proven: proven, passwordHash: passwordHash)
}

/// Sets a new password for who knows the current one, and ends every other session. Throws `changedMeanwhile`.
func changePassword(
    of principal: Principal, _ change: PasswordChange, events: EventLog, in context: OperationContext
) async throws {
    try await lockAccount(of: principal, proven: change.proven, in: context)
    try await context.transaction.changePasswordHash(
        passwordHash: change.passwordHash, now: context.now, userID: principal.userID)
    try await voidEmailTokens(.passwordReset, in: context)
    try await endSessions(because: .passwordChanged, keeping: principal.sessionID, in: context)
    try await events.append(PasswordChanged(changedAt: context.now), in: context)
}
