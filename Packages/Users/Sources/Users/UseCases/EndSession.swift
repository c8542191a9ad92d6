import DatabaseClient
import ExactTypes
import Foundation
import SharedTypes

extension UsersModule {
    /// Ends one session and revokes its tokens. False when the user has no such session that is alive.
    func endSession(
        _ sessionID: Session.ID, of userID: User.ID, because reason: SessionEndReason
    ) async throws -> Bool {
        let now = Date()
        return try await database.transaction(as: userID.uuid) { transaction in
            let ended = try await transaction.endSession(
                now: now, endReason: reason, userID: userID, sessionID: sessionID)
            try await transaction.revokeEndedTokens(now: now, userID: userID)
            return ended == 1
        }
    }

    /// Ends every session of a user, save the one to keep, and revokes their tokens.
    func endSessions(
        of userID: User.ID, because reason: SessionEndReason, keeping kept: UUID? = nil,
        on transaction: DatabaseTransaction, at now: Date
    ) async throws {
        try await transaction.endSessions(
            now: now, endReason: reason, userID: userID, keptSessionID: kept)
        try await transaction.revokeEndedTokens(now: now, userID: userID)
    }
}
