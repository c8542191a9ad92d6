import Notifications
import ServiceKit
import SharedTypes

/// All that the environment decides about notifications.
struct NotificationsSettings: Sendable {
    private let sealingKey: String
    private let mail: NotificationsConfiguration.MailServer?

    private static let expectedKey = "32 bytes in base64: openssl rand -base64 32"

    /// Notes every fault in the settings.
    init(from settings: inout Settings) {
        sealingKey = settings.string("NOTIFICATIONS_SEALING_KEY", expected: Self.expectedKey)
        mail = Self.mail(from: &settings)
        // A key that is missing is a fault already.
        if !sealingKey.isEmpty, (try? configuration()) == nil {
            settings.fault("NOTIFICATIONS_SEALING_KEY", sealingKey, Self.expectedKey, isSecret: true)
        }
    }

    /// To be asked for once the settings have no faults.
    func configuration() throws(ParseError) -> NotificationsConfiguration {
        try NotificationsConfiguration(sealingKey: sealingKey, mail: mail)
    }

    /// Without MAIL_URL no mail is sent.
    private static func mail(from settings: inout Settings) -> NotificationsConfiguration.MailServer? {
        guard let url = settings.optionalString("MAIL_URL") else { return nil }
        if !url.hasPrefix("smtp://"), !url.hasPrefix("smtps://") {
            settings.fault("MAIL_URL", url, "smtp://HOST:PORT or smtps://HOST:PORT")
        }
        return .init(
            url: url,
            from: settings.string("MAIL_FROM", expected: "who writes, as Grove <hello@grove.example>"),
            requiresTLS: settings.bool("MAIL_REQUIRE_TLS", default: true),
            user: settings.optionalString("MAIL_USER"), password: settings.optionalString("MAIL_PASSWORD"))
    }
}
