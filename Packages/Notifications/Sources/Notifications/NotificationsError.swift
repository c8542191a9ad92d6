import DatabaseClient

/// Why Notifications does not do what it is asked.
enum NotificationsError: Error, Equatable {
    /// There is no such thing that the user may see: "notification".
    case notFound(String)
    /// A notification with this key was made before.
    case alreadyNotified
    /// The push token is registered.
    case deviceTaken
    /// The user has a webhook at this address.
    case endpointTaken
    /// The day has its digest on this channel.
    case digestTaken
}

extension NotificationsError {
    /// What a violated constraint means, where a person can mean something by it.
    init?(_ error: DatabaseError) {
        switch error.uniqueViolation {
        case "notifications_dedupe_key": self = .alreadyNotified
        case "push_devices_token_key": self = .deviceTaken
        case "webhook_endpoints_url_key": self = .endpointTaken
        case "digests_day_key": self = .digestTaken
        default: return nil
        }
    }
}
