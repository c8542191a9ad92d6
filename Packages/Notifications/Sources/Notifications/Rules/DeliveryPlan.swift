import ExactTypes
import Foundation
import SharedTypes

/// What a user wants of a category on a channel.
struct DeliveryPreference: Sendable, Hashable {
    let isEnabled: Bool
    let quiet: QuietHours?
    let digest: DigestFrequency

    init(isEnabled: Bool, quiet: QuietHours? = nil, digest: DigestFrequency = .none) {
        self.isEnabled = isEnabled
        self.quiet = quiet
        self.digest = digest
    }

    /// What holds where the user has said nothing.
    ///
    /// Tips are collected for Monday, because nobody waits for one. Push has no sender yet.
    static func standard(_ category: NotificationCategory, _ channel: NotificationChannel)
        -> DeliveryPreference
    {
        switch (channel, category) {
        case (.inApp, _), (.webhook, _): DeliveryPreference(isEnabled: true)
        case (.email, .experts): DeliveryPreference(isEnabled: true, digest: .weekly)
        case (.email, _): DeliveryPreference(isEnabled: true)
        case (.push, _): DeliveryPreference(isEnabled: false)
        }
    }
}

/// What the plan knows of a user: whether the account is open, where they are, and where they can be reached.
struct DeliveryRecipient: Sendable, Hashable {
    let status: UserStatus
    /// As it is now.
    let timeZone: IANATimeZone
    let hasVerifiedEmail: Bool
    /// Whether one that is switched on is there.
    let hasWebhookEndpoint: Bool
}

/// Why a message does not go by a channel.
enum SuppressionReason: String, Sendable, Hashable {
    /// The account was closed or erased.
    case accountClosed = "the account was closed"
    /// It is not sent later either: the message is in the inbox.
    case accountSuspended = "the account is suspended"
    /// There is no verified address, or no endpoint that is switched on.
    case noAddress = "no address to send it to"
    case notWanted = "not wanted by the preferences"
    /// Nothing sends by this channel yet.
    case noSender = "no sender for this channel"
    /// It answered 410, or nothing for too long, or its owner has not made another secret yet.
    case endpointDisabled = "the endpoint is switched off"
    /// The message is in the inbox, with a notice once a day.
    case tooManyWaiting = "too many messages wait for this channel"
}

/// What becomes of a message on a channel.
enum DeliveryDecision: Sendable, Hashable {
    case suppressed(SuppressionReason)
    case now
    /// Quiet hours put it off; they drop nothing.
    case deferred(until: Date)
    /// It is collected, for the digest of the user's own day.
    case digest(DigestFrequency, CalendarDay)
}

/// Decides what becomes of a message on a channel: when it is written, and again by the same rule when it is sent,
/// because the user may have changed a preference, or the time zone, in between.
enum DeliveryPlan {
    /// The decision at a moment. `preference` is what the user has said of the category on the channel, nil where
    /// the platform's defaults hold.
    static func decide(
        category: NotificationCategory, channel: NotificationChannel, priority: NotificationPriority,
        preference: DeliveryPreference?, recipient: DeliveryRecipient?, now: Date
    ) -> DeliveryDecision {
        let preference = preference ?? .standard(category, channel)
        let isForced = isForced(category, priority)
        guard isForced || preference.isEnabled else { return .suppressed(.notWanted) }
        // The inbox needs no address and makes no sound: it has neither quiet hours nor digests.
        if channel == .inApp { return .now }
        guard let recipient, recipient.status != .closed else { return .suppressed(.accountClosed) }
        guard recipient.status != .suspended else { return .suppressed(.accountSuspended) }
        switch channel {
        case .inApp: break
        case .email: guard recipient.hasVerifiedEmail else { return .suppressed(.noAddress) }
        case .webhook: guard recipient.hasWebhookEndpoint else { return .suppressed(.noAddress) }
        case .push: return .suppressed(.noSender)
        }
        if isForced { return .now }
        if let day = DigestCalendar.nextDay(preference.digest, after: now, in: recipient.timeZone) {
            return .digest(preference.digest, day)
        }
        if let end = preference.quiet?.end(at: now, in: recipient.timeZone) { return .deferred(until: end) }
        return .now
    }

    /// Until when a message that was collected keeps its digest waiting, because the user's hours are quiet; nil where
    /// it does not.
    static func digestWait(
        category: NotificationCategory, channel: NotificationChannel, priority: NotificationPriority,
        preference: DeliveryPreference?, recipient: DeliveryRecipient, now: Date
    ) -> Date? {
        if isForced(category, priority) { return nil }
        let quiet = (preference ?? .standard(category, channel)).quiet
        return quiet?.end(at: now, in: recipient.timeZone)
    }

    /// A margin call or a changed password must arrive, whatever was wanted of its kind.
    static func isForced(_ category: NotificationCategory, _ priority: NotificationPriority) -> Bool {
        priority == .critical || category == .security
    }
}
