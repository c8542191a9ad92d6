import DatabaseClient
import ExactTypes
import Foundation
import SharedTypes

extension UsersModule {
    /// What the answer takes at least: more than making and writing the message does, so that its time does
    /// not tell whether there is an account.
    private static let answerTime = Duration.milliseconds(300)

    /// Sends a message with a token that sets a new password, if an open account has the email. Who asks
    /// learns nothing of that. Throws `invalid` and `tooManyAttempts`.
    func requestPasswordReset(email written: String, from client: Client) async throws {
        let answered = ContinuousClock.now + Self.answerTime
        let now = Date()
        let email = try check("email") { () throws(ParseError) in try EmailAddress(parsing: written) }
        try await recordAttempt(AttemptSubject(.emailAddress, client.address), at: now)
        try await recordAttempt(AttemptSubject(scope: .emailAccount, text: email.key), at: now)
        if let login = try await database.findLogin(loginEmail: email.text),
            login.status == .active || login.status == .pendingVerification
        {
            let userID = login.userID
            let token = try await database.transaction(as: userID.uuid) { transaction in
                try await issueEmailToken(
                    .passwordReset, to: login.email, of: userID, on: transaction, at: now)
            }
            await send(.passwordReset(to: login.email, token: token), at: now)
        }
        try await Task.sleep(until: answered, clock: .continuous)
    }
}
