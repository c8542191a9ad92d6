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
        if let digest = try await transaction.holdDigest(
            userID: userID, channel: channel, frequency: frequency, day: candidate)
        {
            return digest
        }
        day = DigestCalendar.day(frequency, after: candidate)
    }
    return nil
}
