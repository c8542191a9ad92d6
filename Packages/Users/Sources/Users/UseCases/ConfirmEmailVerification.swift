import DatabaseClient
import EventLog
import ExactTypes
import Foundation
import SharedTypes

/// Verifies the email that a token was sent to. Throws `invalidEmailToken`.
func confirmEmailVerification(
    _ token: OpaqueToken, events: EventLog, in context: OperationContext
) async throws {
    // The account is locked before its tokens, as everywhere: a change of the password that voids them would otherwise
    // wait for this, and this for that.
    guard try await context.transaction.lockPassword(userID: token.userID) != nil,
        let email = try await context.transaction.redeemEmailToken(
            now: context.now, userID: token.userID, tokenHash: token.hash, kind: .verification),
        try await verifyEmail(email, events: events, in: context)
    else { throw UsersError.invalidEmailToken }
}

/// - Returns: false where the account has another email by now, or is closed.
func verifyEmail(_ email: String, events: EventLog, in context: OperationContext) async throws -> Bool {
    let verified = try await context.transaction.verifyEmail(
        now: context.now, userID: try context.user, email: email)
    guard verified == 1 else { return false }
    try await events.append(EmailVerified(email: email, verifiedAt: context.now), in: context)
    return true
}
