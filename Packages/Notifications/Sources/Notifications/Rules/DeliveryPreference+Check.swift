import SharedTypes

extension DeliveryPreference {
    /// What keeps a wish from being stored; the reason goes on after the field's name.
    struct Refusal: Error, Sendable, Hashable {
        let field: String
        let reason: String
    }

    /// Whether a user may wish this of a category on a channel.
    func check(_ category: NotificationCategory, _ channel: NotificationChannel) throws(Refusal) {
        if category == .security, !isEnabled, channel == .email || channel == .inApp {
            throw Refusal(
                field: "enabled", reason: "must be true: what concerns your security always reaches you")
        }
        if digest != .none {
            guard channel == .email || channel == .push else {
                throw Refusal(field: "digest", reason: "must be none: only email and push are collected")
            }
            guard category != .security else {
                throw Refusal(
                    field: "digest", reason: "must be none: what concerns your security does not wait")
            }
        }
        guard quiet == nil || channel != .inApp else {
            throw Refusal(field: "quiet_hours", reason: "must be absent: the inbox makes no sound")
        }
    }
}
