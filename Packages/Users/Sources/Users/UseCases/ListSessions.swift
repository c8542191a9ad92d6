import DatabaseClient
import ExactTypes
import Foundation
import SharedTypes

extension UsersModule {
    /// A page of the user's sessions that could still be refreshed, newest first.
    func listSessions(of userID: User.ID, after: Session.ID?, limit: Int) async throws -> [ListSessionsRow] {
        let now = Date()
        return try await database.acting(as: userID.uuid).listSessions(
            userID: userID, now: now, idleSince: now.addingTimeInterval(-Lifetimes.idleRefreshToken),
            afterID: after?.uuid, limit: limit)
    }
}
