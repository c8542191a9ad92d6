import DatabaseClient
import EventLog
import ExactTypes
import Foundation
import SharedTypes

/// An open account whose password may be reset by mail.
struct ResettableAccount: Sendable {
    let userID: User.ID
    /// As the account has it.
    let email: String
}

/// Finds the account that a reset is asked for; nil where no open account has the email. Throws a fault of a field and `tooManyAttempts`.
func findResettableAccount(
    email written: String, from client: Client, counting attempts: AttemptCounter, on database: Database,
    at now: Date
) async throws -> ResettableAccount? {
    let email = try FieldError.checked("email", written, AccountEmail.init(parsing:))
    try await countMessage(to: email.text, from: client, in: attempts, at: now)
    guard let login = try await database.findLogin(loginEmail: email.text),
        login.status == .active || login.status == .pendingVerification
    else { return nil }
    return ResettableAccount(userID: login.userID, email: login.email)
}
