import ExactTypes
import SharedTypes

extension DeliveryPreference {
    /// Whether a user may ask for this of a category on a channel.
    func check(_ category: NotificationCategory, _ channel: NotificationChannel) throws(FieldError) {
        if category == .security, !isEnabled, channel == .email || channel == .inApp {
            throw FieldError(
                field: "enabled", reason: "must be true: what concerns your security always reaches you")
        }
        if digest != .none {
            guard channel == .email || channel == .push else {
                throw FieldError(field: "digest", reason: "must be none: only email and push are collected")
            }
            guard category != .security else {
                throw FieldError(
                    field: "digest", reason: "must be none: what concerns your security does not wait")
            }
        }
        guard quiet == nil || channel != .inApp else {
            throw FieldError(field: "quiet_hours", reason: "must be absent: the inbox makes no sound")
        }
    }
}
