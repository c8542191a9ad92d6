import ExactTypes
import Foundation
import SharedTypes

/// How much may wait for one user on one channel. What is more is collected where the channel has digests; a webhook
/// has none, and the message is in the inbox.
enum WaitingLimit {
    /// Messages that wait to go on their own.
    static let standard = 100
    /// What passes by preferences passes by the first limit too.
    static let forced = 200

    /// What becomes of a message on a channel on which so many wait already.
    static func decide(
        _ decision: DeliveryDecision, isForced: Bool, channel: NotificationChannel, waiting: Int,
        timeZone: IANATimeZone, now: Date
    ) -> DeliveryDecision {
        switch decision {
        case .suppressed, .digest: return decision
        case .now, .deferred: break
        }
        guard channel != .inApp, waiting >= (isForced ? forced : standard) else { return decision }
        guard channel == .email,
            let day = DigestCalendar.nextDay(.daily, after: now, in: timeZone)
        else { return .suppressed(.tooManyWaiting) }
        return .digest(.daily, day)
    }
}
