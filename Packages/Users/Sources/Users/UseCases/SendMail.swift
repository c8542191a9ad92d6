import DatabaseClient
import ExactTypes
import Foundation
import Logging
import SharedTypes

extension UsersModule {
    /// Makes a token that an email carries; the user's unused ones of the kind become void.
    func issueEmailToken(
        _ kind: EmailTokenKind, to email: String, of userID: User.ID, on executor: any QueryExecutor,
        at now: Date
    ) async throws -> OpaqueToken {
        let token = OpaqueToken(userID: userID, secret: OpaqueToken.randomSecret())
        let lifetime =
            switch kind {
            case .verification: Lifetimes.verificationToken
            case .passwordReset: Lifetimes.passwordResetToken
            }
        try await executor.voidEmailTokens(now: now, userID: userID, kind: kind)
        try await executor.insertEmailToken(
            userID: userID, emailTokenID: .version7(at: now), kind: kind, tokenHash: token.hash, email: email,
            expiresAt: now.addingTimeInterval(lifetime), now: now)
        return token
    }

    /// Sends a message. A failure is logged and not told: the account is made, and the person can ask again.
    func send(_ mail: Mail, at now: Date) async {
        do {
            try await mailFolder.deliver(mail, at: now)
        } catch {
            logger.error("A message could not be written.", metadata: ["error": "\(error)"])
        }
    }
}
