import DatabaseClient
import EventLog
import ExactTypes
import Foundation
import ServiceKit
import SharedTypes
import StrictJSON

/// Stores a message in the acting user's words, behind all others of the inbox, whose lock the transaction holds.
/// - Returns: nil where the same key made one before.
func storeMessage(
    _ message: Message, locale: String, timeZone: IANATimeZone, dedupeKey: String,
    in context: OperationContext
) async throws -> NotificationRow? {
    let (userID, now) = (try context.user, context.now)
    let latest = try await context.transaction.findLatestNotification(userID: userID)
    let text = MessageCatalog.text(of: message, locale: locale, timeZone: timeZone)
    return try await context.transaction.insertNotification(
        userID: userID, notificationID: Notification.ID.version7(at: now).following(latest),
        category: message.category, template: message.template, title: text.title, body: text.body,
        data: message.data.text, dedupeKey: "\(dedupeKey):\(message.template)", priority: message.priority,
        requestID: context.requestID, now: now)
}
