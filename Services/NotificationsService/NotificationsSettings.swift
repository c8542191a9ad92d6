import Foundation
import Notifications
import ServiceKit
import SharedTypes

/// All that the environment decides about notifications.
struct NotificationsSettings: Sendable {
    private let sealingKey: String
    private let mail: MailSettings?
    private let webhooks: WebhookSettings
    private let deliveries: DeliverySettings

    private static let expectedKey = "32 bytes in base64: openssl rand -base64 32"

    /// Notes every fault in the settings.
    init(from settings: inout Settings) {
        sealingKey = settings.string("NOTIFICATIONS_SEALING_KEY", expected: Self.expectedKey)
        mail = Self.mail(from: &settings)
        webhooks = WebhookSettings(
            allowsPrivateAddresses: settings.bool("WEBHOOK_PRIVATE_ADDRESSES", default: false),
            certificates: settings.optionalString("WEBHOOK_CERTIFICATES"))
        // A shorter one than a mail takes sends it twice, under one id.
        deliveries = DeliverySettings(
            leaseSeconds: TimeInterval(
                settings.integer("DELIVERY_LEASE_SECONDS", default: 120, in: 5...3_600)))
        // A key that is missing is a fault already.
        if !sealingKey.isEmpty, (try? configuration()) == nil {
            settings.fault("NOTIFICATIONS_SEALING_KEY", sealingKey, Self.expectedKey, isSecret: true)
        }
    }

    /// To be asked for once the settings have no faults.
    func configuration() throws(ParseError) -> NotificationsConfiguration {
        try NotificationsConfiguration(
            sealingKey: sealingKey, mail: mail, webhooks: webhooks, deliveries: deliveries)
    }

    /// Without MAIL_URL no mail is sent.
    private static func mail(from settings: inout Settings) -> MailSettings? {
        guard let url = settings.optionalString("MAIL_URL") else { return nil }
        let from = settings.string("MAIL_FROM", expected: "the address that messages come from")
        guard !from.isEmpty else { return nil }
        guard let sender = try? MailAddress(parsing: from) else {
            settings.fault("MAIL_FROM", from, "an address like hello@grove.example")
            return nil
        }
        do throws(ParseError) {
            return try MailSettings(
                url: url, user: settings.optionalString("MAIL_USER"),
                password: settings.optionalString("MAIL_PASSWORD"), sender: sender,
                senderName: settings.string("MAIL_FROM_NAME", default: "Grove"),
                requiresTLS: settings.bool("MAIL_REQUIRE_TLS", default: true),
                certificates: settings.optionalString("MAIL_CERTIFICATES"))
        } catch {
            settings.fault("MAIL_URL", url, "smtp://HOST:PORT or smtps://HOST:PORT")
            return nil
        }
    }
}
