import DatabaseClient
import EventLog
import ExactTypes
import Foundation
import ServiceKit
import SharedTypes

/// What verifies an email that was not verified yet.
struct EmailVerification: Sendable {
    let email: String
    let token: OpaqueToken
}

/// Makes the token of a verification again; earlier ones become void. Nil where the email is verified. Throws
/// `tooManyAttempts`.
func requestEmailVerification(
    of principal: Principal, from client: Client, counting attempts: AttemptCounter,
    in context: OperationContext
) async throws -> EmailVerification? {
    let account = try await findAccount(of: principal, on: context.transaction)
    guard account.emailVerifiedAt == nil else { return nil }
    try await countMessage(to: account.email, from: client, in: attempts, at: context.now)
    return EmailVerification(
        email: account.email,
        token: try await issueEmailToken(.verification, to: account.email, in: context))
}

/// Counts a message to an email that a client asks for. Throws `tooManyAttempts`.
func countMessage(
    to email: String, from client: Client, in attempts: AttemptCounter, at now: Date
) async throws {
    try await attempts.record(AttemptSubject(.emailAddress, client.address), at: now)
    try await attempts.record(AttemptSubject(scope: .emailAccount, text: email.lowercased()), at: now)
}
