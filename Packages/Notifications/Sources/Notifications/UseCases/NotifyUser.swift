import DatabaseClient
import Foundation
import ServiceKit
import SharedTypes

/// Tells a user something, once for each key: a message in the inbox, and a delivery on each other channel by which it
/// is to go. All of it is there when the transaction commits, and the sender takes it from there.
///
/// The transaction acts as the user.
/// - Parameter dedupeKey: what makes it one message, as the event's type and key; the template is added to it.
/// - Returns: false where the same key told the user before.
@discardableResult
func notifyUser(
    _ message: Message, of userID: User.ID, dedupeKey: String, in transaction: DatabaseTransaction,
    at now: Date
) async throws -> Bool {
    try await transaction.lockInbox(userID: userID)
    let person = try await Person(userID, in: transaction)
    let decisions = try await decisions(about: message, for: person, of: userID, in: transaction, at: now)
    let latest = try await transaction.findLatestNotification(userID: userID)
    let text = MessageCatalog.text(of: message, locale: person.locale, timeZone: person.timeZone)
    let made = try await transaction.insertNotification(
        userID: userID, notificationID: Notification.ID.version7(at: now).following(latest),
        category: message.category, template: message.template, title: text.title, body: text.body,
        data: message.data.text, dedupeKey: "\(dedupeKey):\(message.template)", priority: message.priority,
        now: now)
    guard let made else { return false }
    if decisions[.inApp] != .now {
        // What the user does not want in the inbox is there for the other channels alone.
        _ = try await transaction.archiveNotification(now: now, userID: userID, notificationID: made.id)
    }
    let plan = PlanDelivery(message: made, now: now, transaction: transaction)
    for (channel, decision) in decisions { try await plan.store(decision, by: channel) }
    return true
}

/// What sending knows of a user, or what it takes for granted of one whom the log does not know: the inbox and the
/// webhooks need no more, and mail waits for an address.
private struct Person {
    let locale: String
    let timeZone: String
    let delivery: DeliveryRecipient

    init(_ userID: User.ID, in transaction: DatabaseTransaction) async throws {
        let row = try await transaction.findRecipient(userID: userID)
        locale = row?.locale ?? MessageCatalog.standard
        timeZone = row?.timeZone ?? Recipient.unknownTimeZone
        delivery = DeliveryRecipient(
            timeZone: timeZone, hasVerifiedEmail: row?.email != nil,
            hasWebhookEndpoint: try await transaction.countWebhookEndpoints(userID: userID).live > 0)
    }
}

/// What becomes of a message on each channel that it can go by: nothing sends push messages yet, and a webhook is for
/// who has an endpoint.
private func decisions(
    about message: Message, for person: Person, of userID: User.ID, in transaction: DatabaseTransaction,
    at now: Date
) async throws -> [NotificationChannel: DeliveryDecision] {
    let wishes = try await transaction.listPreferences(userID: userID).filter {
        $0.category == message.category
    }
    var channels: [NotificationChannel] = [.inApp, .email]
    if person.delivery.hasWebhookEndpoint { channels.append(.webhook) }
    return Dictionary(
        uniqueKeysWithValues: channels.map { channel in
            let wish = wishes.first { $0.channel == channel }.map { DeliveryPreference($0) }
            return (
                channel,
                DeliveryPlan.decide(
                    category: message.category, channel: channel, priority: message.priority,
                    preference: wish,
                    recipient: person.delivery, now: now)
            )
        })
}
