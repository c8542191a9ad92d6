import DatabaseClient
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
                try await transaction.verifyEmail(now: now, userID: token.userID, email: email) == 1
            else { throw UsersError.invalidEmailToken }
        }
    }
}
