import DatabaseClient
import EventLog
import ExactTypes
import Foundation
import Logging
import SharedTypes

/// What a refresh token is answered with. A refusal is a value and no error, because ending the session has to commit.
enum RefreshOutcome: Sendable {
    case open(OpenSession)
    case refuse
    case tooSoon(seconds: TimeInterval)
}

/// Exchanges a refresh token for the next one; ends the session when the token shows that two parties hold it.
func refreshSession(
    _ token: OpaqueToken, of sessionID: Session.ID, keys: DerivedKeys, logger: Logger,
    in context: OperationContext
) async throws -> RefreshOutcome {
    let (userID, transaction, now) = (token.userID, context.transaction, context.now)
    guard let session = try await transaction.lockSession(userID: userID, sessionID: sessionID),
        session.status == .active || session.status == .pendingVerification,
        let row = try await transaction.findRefreshToken(
            userID: userID, sessionID: sessionID, tokenHash: token.hash)
    else { return .refuse }
    let presented = PresentedToken(
        sessionEndedAt: session.endedAt, sessionExpiresAt: session.expiresAt, expiresAt: row.expiresAt,
        rotatedAt: row.rotatedAt, revokedAt: row.revokedAt,
        successor: row.successor.map {
            .init(id: $0.id, expiresAt: $0.expiresAt, rotatedAt: $0.rotatedAt)
        })
    func open(_ next: OpaqueToken) -> RefreshOutcome {
        .open(
            OpenSession(
                userID: userID, sessionID: sessionID, isOperator: session.isOperator, refreshToken: next))
    }
    switch RefreshDecision(presented, at: now) {
    case .refuse: return .refuse
    case .repeatSuccessor(let id): return open(token.successor(id, using: keys.refreshToken))
    case .rotate:
        if let wait = SessionLimit.wait(
            afterRefreshes: row.generation - 1, since: session.createdAt, at: now)
        {
            return .tooSoon(seconds: wait)
        }
        let id = RefreshToken.ID.version7(at: now)
        let next = token.successor(id, using: keys.refreshToken)
        let idle = now.addingTimeInterval(Lifetimes.idleRefreshToken)
        try await transaction.markRefreshTokenRotated(now: now, userID: userID, refreshTokenID: row.id)
        try await transaction.insertRefreshToken(
            userID: userID, refreshTokenID: id, sessionID: sessionID, parentID: row.id,
            generation: row.generation + 1, tokenHash: next.hash, expiresAt: min(idle, session.expiresAt),
            now: now)
        try await transaction.touchSession(now: now, userID: userID, sessionID: sessionID)
        return open(next)
    case .endSession:
        logger.notice(
            "A replaced refresh token came back: its session ends.",
            metadata: ["user_id": "\(userID)", "session_id": "\(sessionID)"])
        try await endSession(sessionID, because: .refreshTokenReused, in: context)
        return .refuse
    }
}
