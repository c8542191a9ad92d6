import DatabaseClient
import EventLog
import ExactTypes
import Foundation
import SharedTypes

/// Makes a token that an email carries to the acting user; their unused ones of the kind become void.
func issueEmailToken(
    _ kind: EmailTokenKind, to email: String, in context: OperationContext
) async throws -> OpaqueToken {
    let (userID, now) = (try context.user, context.now)
    let token = OpaqueToken(userID: userID, secret: OpaqueToken.randomSecret())
    let lifetime =
        switch kind {
        case .verification: Lifetimes.verificationToken
        case .passwordReset: Lifetimes.passwordResetToken
        }
    try await context.transaction.voidEmailTokens(now: now, userID: userID, kind: kind)
    try await context.transaction.insertEmailToken(
        userID: userID, emailTokenID: .version7(at: now), kind: kind, tokenHash: token.hash, email: email,
        expiresAt: now.addingTimeInterval(lifetime), now: now)
    return token
}
