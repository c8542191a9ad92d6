import DatabaseClient
import ExactTypes
import SharedTypes

/// What of the inbox is shown; nil shows all.
struct InboxFilter {
    let isUnread: Bool?
    let category: NotificationCategory?
}

/// A page of the messages before one of them, the latest first.
func readInbox(
    of user: User.ID, _ filter: InboxFilter, before: Notification.ID, limit: Int, on database: Database
) async throws -> [NotificationRow] {
    try await database.acting(as: user.uuid).listInbox(
        userID: user, beforeID: before, isUnread: filter.isUnread, category: filter.category,
        rowLimit: limit)
}

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

/// How many messages are unread.
func countUnreadMessages(of user: User.ID, on database: any QueryExecutor) async throws -> Int {
    try await database.countUnread(userID: user)
}
