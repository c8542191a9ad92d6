import DatabaseClient
import EventLog
import ExactTypes
import Foundation
import ServiceKit
import SharedTypes

/// Makes a message to the acting user, once for each key: in the inbox, and a delivery on each other channel by which it is to
/// go. All of it is there when the transaction commits, and the sender takes it from there.
///
/// - Parameter dedupeKey: what makes it one message, as the event's type and key; the template is added to it.
/// - Returns: false where the same key made one before, and where the account was closed.
@discardableResult
func notifyUser(
    _ message: Message, dedupeKey: String, in context: OperationContext
) async throws -> Bool {
    let (userID, transaction, now) = (try context.user, context.transaction, context.now)
    try await transaction.lockInbox(userID: userID)
    guard let person = try await Person(userID, in: transaction), person.delivery.status != .closed else {
        return false
    }
    let decisions = try await decisions(about: message, for: person, of: userID, in: transaction, at: now)
    guard
        let made = try await storeMessage(
            message, locale: person.locale, timeZone: person.delivery.timeZone, dedupeKey: dedupeKey,
            in: context)
    else { return false }
    if decisions[.inApp] == .now {
        try await transaction.announceMessage(userID: userID)
    } else {
        // What the user does not want in the inbox is there for the other channels alone.
        _ = try await transaction.archiveNotification(now: now, userID: userID, notificationID: made.id)
    }
    let plan = PlanDelivery(message: made, now: now, transaction: transaction)
    for (channel, decision) in decisions where channel != .webhook {
        try await plan.store(decision, by: channel)
    }
    if let decision = decisions[.webhook],
        try await plan.storeWebhooks(decision, timeZone: person.delivery.timeZone)
    {
        // Once a day: the notice has a notice of its own, which has the same key.
        try await notifyUser(
            .webhooksOverfull(limit: WaitingLimit.standard),
            dedupeKey: "webhooks.overfull:\(CalendarDay(utc: now))", in: context)
    }
    return true
}

/// What sending knows of a user.
private struct Person {
    let locale: String
    let delivery: DeliveryRecipient

    /// Nil where the account was erased.
    init?(_ userID: User.ID, in transaction: DatabaseTransaction) async throws {
        let row = try await transaction.findRecipient(userID: userID)
        let delivery = try DeliveryRecipient(
            try await transaction.findAccountStatus(userID: userID), row,
            hasWebhookEndpoint: try await transaction.countWebhookEndpoints(userID: userID).live > 0)
        guard let delivery else { return nil }
        self.delivery = delivery
        locale = row?.locale ?? MessageCatalog.standard
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
    var decisions: [NotificationChannel: DeliveryDecision] = [:]
    for channel in channels {
        let wish = wishes.first { $0.channel == channel }.map { DeliveryPreference($0) }
        let decision = DeliveryPlan.decide(
            category: message.category, channel: channel, priority: message.priority, preference: wish,
            recipient: person.delivery, now: now)
        let waiting =
            channel == .email
            ? try await transaction.countWaitingDeliveries(
                userID: userID, channel: channel, rowLimit: WaitingLimit.forced)
            // Of webhooks it is counted by endpoint.
            : 0
        decisions[channel] = WaitingLimit.decide(
            decision, isForced: DeliveryPlan.isForced(message.category, message.priority), channel: channel,
            waiting: waiting, timeZone: person.delivery.timeZone, now: now)
    }
    return decisions
}
