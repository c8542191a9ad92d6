import DatabaseClient
import EventLog
import ExactTypes
import Foundation
import SharedTypes

/// The open account that a reset is asked for, and may be mailed.
struct ResetRequest: Sendable {
    let userID: User.ID
    /// As the account has it.
    let email: String
}

/// Looks up who may be mailed a reset; nil where no open account has the email. Throws `invalid` and `tooManyAttempts`.
func prepareResetRequest(
    email written: String, from client: Client, counting attempts: AttemptCounter, on database: Database,
    at now: Date
) async throws -> ResetRequest? {
    let email = try check("email") { () throws(ParseError) in try EmailAddress(parsing: written) }
    try await countMessage(to: email.text, from: client, in: attempts, at: now)
    guard let login = try await database.findLogin(loginEmail: email.text),
        login.status == .active || login.status == .pendingVerification
    else { return nil }
    return ResetRequest(userID: login.userID, email: login.email)
}
