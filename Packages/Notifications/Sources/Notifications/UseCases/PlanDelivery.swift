import DatabaseClient
import ExactTypes
import Foundation
import SharedTypes

/// The deliveries of one new message, in the transaction that makes it.
struct PlanDelivery {
    let message: NotificationRow
    let now: Date
    let transaction: DatabaseTransaction

    /// Stores what was decided about a channel.
    func store(_ decision: DeliveryDecision, by channel: NotificationChannel) async throws {
        switch decision {
        case .now where channel == .inApp:
            try await transaction.insertInboxDelivery(
                userID: message.userID, notificationID: message.id, now: now)
        case .now: try await insert(channel, .pending, at: now)
        case .deferred(let until): try await insert(channel, .deferred, at: until)
        case .suppressed(let reason): try await insert(channel, .suppressed, at: nil, error: reason.rawValue)
        case .digest(let frequency, let day):
            let digest = try await openDigest(
                frequency, channel, of: message.userID, from: day, in: transaction, at: now)
            // Where no day takes it, which would need a calendar's end, it goes by itself.
            try await insert(
                channel, digest == nil ? .pending : .deferred, at: digest == nil ? now : nil, digest: digest)
        }
    }

    /// Stores what was decided about webhooks, for each endpoint that is on.
    /// - Returns: whether so many messages wait for one of them that it does not get this one.
    func storeWebhooks(_ decision: DeliveryDecision, timeZone: IANATimeZone) async throws -> Bool {
        var isAnyFull = false
        for endpoint in try await transaction.listLiveWebhookEndpoints(
            userID: message.userID, rowLimit: WebhookAddress.limit)
        {
            let waiting = try await transaction.countWaitingWebhookDeliveries(
                userID: message.userID, webhookEndpointID: endpoint.id, rowLimit: WaitingLimit.forced)
            let limited = WaitingLimit.decide(
                decision, isForced: DeliveryPlan.isForced(message.category, message.priority),
                channel: .webhook, waiting: waiting, timeZone: timeZone, now: now)
            isAnyFull = isAnyFull || limited == .suppressed(.tooManyWaiting)
            try await storeWebhook(limited, to: endpoint)
        }
        return isAnyFull
    }

    /// Stores what was decided about one endpoint. One that is paused gets it when its pause is over.
    func storeWebhook(_ decision: DeliveryDecision, to endpoint: WebhookEndpointRow) async throws {
        let (status, moment, error): (DeliveryStatus, Date?, String?) =
            switch decision {
            // Webhooks have no digests.
            case .now, .digest: (.pending, max(now, endpoint.retryAt ?? now), nil)
            case .deferred(let until): (.deferred, until, nil)
            case .suppressed(let reason): (.suppressed, nil, reason.rawValue)
            }
        try await transaction.insertWebhookDelivery(
            userID: message.userID, notificationID: message.id, webhookEndpointID: endpoint.id,
            status: status, nextAttemptAt: moment, error: error, now: now)
    }

    private func insert(
        _ channel: NotificationChannel, _ status: DeliveryStatus, at nextAttemptAt: Date?,
        digest: Digest.ID? = nil, error: String? = nil
    ) async throws {
        try await transaction.insertDelivery(
            userID: message.userID, notificationID: message.id, channel: channel, status: status,
            nextAttemptAt: nextAttemptAt, digestID: digest, error: error, now: now)
    }
}

/// The first digest from a day on that still takes items. One that is sent, or is being sent, takes none: an item that
/// came too late for it would be lost.
func openDigest(
    _ frequency: DigestFrequency, _ channel: NotificationChannel, of userID: User.ID, from first: CalendarDay,
    in transaction: DatabaseTransaction, at now: Date
) async throws -> Digest.ID? {
    var day: CalendarDay? = first
    while let candidate = day {
        try await transaction.insertDigest(
            userID: userID, digestID: .version7(at: now), channel: channel, frequency: frequency,
            day: candidate, now: now)
        if let digest = try await transaction.lockOpenDigest(
            userID: userID, channel: channel, frequency: frequency, day: candidate)
        {
            return digest
        }
        day = DigestCalendar.day(frequency, after: candidate)
    }
    return nil
}
