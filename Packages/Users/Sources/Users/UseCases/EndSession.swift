import DatabaseClient
import EventLog
import ExactTypes
import Foundation
import SharedTypes

/// Ends one session of the acting user and revokes its tokens. False when they have no such session that is alive.
@discardableResult
func endSession(
    _ sessionID: Session.ID, because reason: SessionEndReason, in context: OperationContext
) async throws -> Bool {
    let userID = try context.user
    let ended = try await context.transaction.endSession(
        now: context.now, endReason: reason, userID: userID, sessionID: sessionID)
    try await context.transaction.revokeEndedTokens(now: context.now, userID: userID)
    return ended == 1
}

/// Ends every session of the acting user, save the one to keep, and revokes their tokens.
func endSessions(
    because reason: SessionEndReason, keeping kept: UUID? = nil, in context: OperationContext
) async throws {
    let userID = try context.user
    try await context.transaction.endSessions(
        now: context.now, endReason: reason, userID: userID, keptSessionID: kept)
    try await context.transaction.revokeEndedTokens(now: context.now, userID: userID)
}
