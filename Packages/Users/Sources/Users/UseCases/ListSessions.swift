import DatabaseClient
import ExactTypes
import Foundation
import SharedTypes

/// A page of the user's sessions that could still be refreshed, newest first.
func listSessions(
    of userID: User.ID, after: Session.ID?, limit: Int, on executor: any QueryExecutor, at now: Date
) async throws -> [ListSessionsRow] {
    try await executor.listSessions(
        userID: userID, now: now, idleSince: now.addingTimeInterval(-Lifetimes.idleRefreshToken),
        afterID: after?.uuid, limit: limit)
}
