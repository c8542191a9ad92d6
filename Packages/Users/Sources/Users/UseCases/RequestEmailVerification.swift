import DatabaseClient
import Foundation
import ServiceKit
import SharedTypes

extension UsersModule {
    /// Sends the verification message again; earlier ones become void. A verified email is sent nothing.
    /// Throws `tooManyAttempts`.
    func requestEmailVerification(
        of principal: Principal, from client: Client, on transaction: DatabaseTransaction
    ) async throws {
        let now = Date()
        let account = try await findAccount(of: principal, on: transaction)
        guard account.emailVerifiedAt == nil else { return }
        try await recordAttempt(AttemptSubject(.emailAddress, client.address), at: now)
        try await recordAttempt(
            AttemptSubject(scope: .emailAccount, text: account.email.lowercased()), at: now)
        let token = try await issueEmailToken(
            .verification, to: account.email, of: account.id, on: transaction, at: now)
        // Before the commit: should that fail, the message holds a token that never was, and the person asks
        // again.
        await send(.verification(to: account.email, token: token), at: now)
    }
}
