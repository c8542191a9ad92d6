import DatabaseClient
import EventLog
import ExactTypes
import Foundation
import SharedTypes

/// What a message needs that is put into the outbox.
struct Outbox: Sendable {
    let seal: MailSeal
    /// Where people reach Grove; nil where they use its API.
    let publicURL: String?
}

/// Makes a token for the acting user and puts the message that carries it into the outbox; their unused tokens of the kind
/// become void, and messages with them that still wait are not sent. All of it is there when the operation commits.
func issueEmailToken(
    _ kind: EmailTokenKind, to email: String, by outbox: Outbox, in context: OperationContext
) async throws {
    let (userID, transaction, now) = (try context.user, context.transaction, context.now)
    // Of two at once, the later one makes the earlier one void.
    _ = try await transaction.lockPassword(userID: userID)
    let token = OpaqueToken(userID: userID, secret: OpaqueToken.randomSecret())
    let lifetime: TimeInterval
    let text: EmailText
    switch kind {
    case .verification:
        lifetime = Lifetimes.verificationToken
        text = .verification(token, publicURL: outbox.publicURL)
    case .passwordReset:
        lifetime = Lifetimes.passwordResetToken
        text = .passwordReset(token, publicURL: outbox.publicURL)
    }
    let expiresAt = now.addingTimeInterval(lifetime)
    try await voidEmailTokens(kind, in: context)
    try await transaction.insertEmailToken(
        userID: userID, emailTokenID: .version7(at: now), kind: kind, tokenHash: token.hash, email: email,
        expiresAt: expiresAt, now: now)
    let id = OutgoingMail.ID.version7(at: now)
    try await transaction.insertOutgoingMail(
        userID: userID, outgoingMailID: id, kind: kind, recipient: email, subject: text.subject,
        sealedBody: try outbox.seal.seal(text.body, for: id), expiresAt: expiresAt,
        now: now, requestID: context.requestID)
}

/// Makes the acting user's unused tokens of a kind void, and takes their messages that still wait out of the outbox.
func voidEmailTokens(_ kind: EmailTokenKind, in context: OperationContext) async throws {
    let userID = try context.user
    try await context.transaction.voidEmailTokens(now: context.now, userID: userID, kind: kind)
    try await context.transaction.deleteOutgoingMails(userID: userID, kind: kind)
}
