import DatabaseClient
import EventLog
import ExactTypes
import SharedTypes

/// Marks everything up to a message as read, and gives how many messages are unread then.
func readMessages(
    of user: User.ID, until last: Notification.ID, in context: OperationContext
) async throws -> Int {
    try await context.transaction.lockInbox(userID: user)
    _ = try await context.transaction.markAllRead(now: context.now, userID: user, untilID: last)
    return try await countUnreadMessages(of: user, on: context.transaction)
}

/// Marks a message as read.
/// - Throws: `notFound`.
func readMessage(
    _ id: Notification.ID, of user: User.ID, in context: OperationContext
) async throws -> NotificationRow {
    try found(
        await context.transaction.markRead(now: context.now, userID: user, notificationID: id))
}

/// Takes a message out of the inbox.
/// - Throws: `notFound`.
func archiveMessage(
    _ id: Notification.ID, of user: User.ID, in context: OperationContext
) async throws -> NotificationRow {
    try found(
        await context.transaction.archiveNotification(
            now: context.now, userID: user, notificationID: id))
}

private func found(_ row: NotificationRow?) throws(NotificationsError) -> NotificationRow {
    guard let row else { throw .notFound("notification") }
    return row
}
