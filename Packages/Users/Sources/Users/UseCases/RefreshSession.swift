import DatabaseClient
import ExactTypes
import Foundation
import Logging
import SharedTypes

extension UsersModule {
    private enum Outcome: Sendable {
        case issue(OpaqueToken, isOperator: Bool)
        case refuse
        case tooSoon(seconds: TimeInterval)
    }

    /// Exchanges a refresh token for a new pair. Throws `tooManyAttempts`, and `invalidRefreshToken`; ends the
    /// session when the token shows that two parties hold it.
    func refreshSession(_ text: String) async throws -> IssuedTokens {
        let now = Date()
        guard let token = OpaqueToken(parsing: text, as: .refresh), let sessionID = token.sessionID else {
            throw UsersError.invalidRefreshToken
        }
        // A refusal returns instead of throwing, because ending the session has to commit.
        let outcome = try await database.transaction(as: token.userID.uuid) { transaction in
            try await answer(token, of: sessionID, on: transaction, at: now)
        }
        switch outcome {
        case .issue(let next, let isOperator):
            let accessToken = try await accessToken(token.userID, sessionID, isOperator: isOperator, at: now)
            return IssuedTokens(sessionID: sessionID, accessToken: accessToken, refreshToken: next)
        case .tooSoon(let seconds):
            throw UsersError.tooManyAttempts(retryAfterSeconds: max(1, Int(seconds.rounded(.up))))
        case .refuse: throw UsersError.invalidRefreshToken
        }
    }

    private func answer(
        _ token: OpaqueToken, of sessionID: Session.ID, on transaction: DatabaseTransaction, at now: Date
    ) async throws -> Outcome {
        let userID = token.userID
        guard let session = try await transaction.holdSession(userID: userID, sessionID: sessionID),
            session.status == .active || session.status == .pendingVerification,
            let row = try await transaction.findRefreshToken(
                userID: userID, sessionID: sessionID, tokenHash: token.hash)
        else { return .refuse }
        let presented = PresentedToken(
            sessionEndedAt: session.endedAt, sessionExpiresAt: session.expiresAt, expiresAt: row.expiresAt,
            rotatedAt: row.rotatedAt, revokedAt: row.revokedAt, successorID: row.successor?.id,
            successorRotatedAt: row.successor?.rotatedAt)
        let key = configuration.keys.refreshToken
        switch RefreshDecision(presented, at: now) {
        case .refuse: return .refuse
        case .repeatSuccessor(let id):
            return .issue(token.successor(id, using: key), isOperator: session.isOperator)
        case .rotate:
            let wait = SessionLimit.wait(
                afterRefreshes: row.generation - 1, since: session.createdAt, at: now)
            if let wait { return .tooSoon(seconds: wait) }
            let id = RefreshToken.ID.version7(at: now)
            let next = token.successor(id, using: key)
            let idle = now.addingTimeInterval(Lifetimes.idleRefreshToken)
            try await transaction.markRefreshTokenRotated(now: now, userID: userID, refreshTokenID: row.id)
            try await transaction.insertRefreshToken(
                userID: userID, refreshTokenID: id, sessionID: sessionID, parentID: row.id,
                generation: row.generation + 1, tokenHash: next.hash, expiresAt: min(idle, session.expiresAt),
                now: now)
            try await transaction.touchSession(now: now, userID: userID, sessionID: sessionID)
            return .issue(next, isOperator: session.isOperator)
        case .endSession:
            logger.notice(
                "A replaced refresh token came back: its session ends.",
                metadata: ["user_id": "\(userID)", "session_id": "\(sessionID)"])
            _ = try await transaction.endSession(
                now: now, endReason: .refreshTokenReused, userID: userID, sessionID: sessionID)
            try await transaction.revokeEndedTokens(now: now, userID: userID)
            return .refuse
        }
    }
}
