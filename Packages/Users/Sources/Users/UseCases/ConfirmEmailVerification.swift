import DatabaseClient
import EventLog
import ExactTypes
import Foundation
import SharedTypes

extension UsersModule {
    /// Verifies the email that a token was sent to. Throws `invalidEmailToken`.
    func confirmEmailVerification(_ text: String) async throws {
        let now = Date()
        guard let token = OpaqueToken(parsing: text, as: .email) else { throw UsersError.invalidEmailToken }
        try await database.transaction(as: token.userID.uuid) { transaction in
            let email = try await transaction.redeemEmailToken(
                now: now, userID: token.userID, tokenHash: token.hash, kind: .verification)
            guard let email,
                try await verifyEmail(email, of: token.userID, on: transaction, at: now)
            else { throw UsersError.invalidEmailToken }
        }
    }

    /// - Returns: false where the account has another email by now, or is closed.
    func verifyEmail(
        _ email: String, of userID: User.ID, on transaction: DatabaseTransaction, at now: Date
    ) async throws -> Bool {
        guard try await transaction.verifyEmail(now: now, userID: userID, email: email) == 1 else {
            return false
        }
        try await events.append(
            EmailVerified(email: email, verifiedAt: now),
            in: OperationContext(user: userID, transaction: transaction, now: now))
        return true
    }
}
