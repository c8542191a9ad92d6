import DatabaseClient
import ExactTypes
import SharedTypes

/// How many messages are unread, and which is the latest.
func readInbox(of user: User.ID, on database: Database) async throws -> FindInboxStateRow {
    try await database.acting(as: user.uuid).findInboxState(userID: user)
}

/// The messages after one that was seen, the oldest first; a full page where there may be more.
func readInbox(
    of user: User.ID, after seen: Notification.ID, limit: Int, on database: Database
) async throws -> [NotificationRow] {
    try await database.acting(as: user.uuid).listNotificationsAfter(
        userID: user, afterID: seen, rowLimit: limit)
}
