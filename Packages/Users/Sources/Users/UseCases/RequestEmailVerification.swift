import DatabaseClient
import EventLog
import ExactTypes
import Foundation
import ServiceKit
import SharedTypes

/// Sends the message that verifies the email again; earlier ones become void. A verified email is sent nothing. Throws
/// `tooManyAttempts`.
func requestEmailVerification(
    of principal: Principal, from client: Client, counting attempts: AttemptCounter, outbox: Outbox,
    in context: OperationContext
) async throws {
    let account = try await findAccount(of: principal, on: context.transaction)
    guard account.emailVerifiedAt == nil else { return }
    try await countMessage(to: account.email, from: client, in: attempts, at: context.now)
    try await issueEmailToken(.verification, to: account.email, by: outbox, in: context)
}

/// Counts a message to an email that a client asks for. Throws `tooManyAttempts`.
func countMessage(
    to email: String, from client: Client, in attempts: AttemptCounter, at now: Date
) async throws {
    try await attempts.record(AttemptSubject(.emailAddress, client.address), at: now)
    try await attempts.record(AttemptSubject(scope: .emailAccount, text: email.lowercased()), at: now)
}
