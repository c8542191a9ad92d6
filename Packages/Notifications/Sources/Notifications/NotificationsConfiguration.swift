import Crypto
public import ExactTypes
public import Foundation
public import Mail
public import ServiceKit

/// What a deployment decides about Notifications.
public struct NotificationsConfiguration: Sendable {
    /// Nil where the deployment sends no mail: such deliveries are then suppressed, with that reason.
    let mail: MailSettings?
    let webhooks: WebhookSettings
    let deliveries: DeliverySettings
    let webhookSecrets: WebhookSecrets

    /// - Parameters:
    ///   - sealingKey: NOTIFICATIONS_SEALING_KEY, 32 bytes in base64. Every instance needs the same one: with another
    ///     key the secrets of webhooks cannot be opened.
    ///   - mail: where mail goes.
    ///   - webhooks: where webhooks may go.
    ///   - deliveries: how patiently messages are sent.
    /// - Throws: ParseError, when the key is not 32 bytes in base64.
    public init(
        sealingKey: String, mail: MailSettings?, webhooks: WebhookSettings = WebhookSettings(),
        deliveries: DeliverySettings = DeliverySettings()
    ) throws(ParseError) {
        guard let bytes = Data(base64Encoded: sealingKey), bytes.count == 32 else {
            throw ParseError(reason: "is not 32 bytes in base64, as `openssl rand -base64 32` prints them")
        }
        self.init(sealingKey: bytes, mail: mail, webhooks: webhooks, deliveries: deliveries)
    }

    /// Reads NOTIFICATIONS_SEALING_KEY, where mail and webhooks go, and how patiently.
    public init(from settings: inout Settings) {
        self.init(
            sealingKey: settings.sealingKey("NOTIFICATIONS_SEALING_KEY"), mail: Self.mail(from: &settings),
            webhooks: WebhookSettings(
                allowsPrivateAddresses: settings.bool("WEBHOOK_PRIVATE_ADDRESSES", default: false),
                certificates: settings.optionalString("WEBHOOK_CERTIFICATES")),
            // A shorter one than a mail takes sends it twice, under one id.
            deliveries: DeliverySettings(
                leaseSeconds: TimeInterval(
                    settings.integer(
                        "DELIVERY_LEASE_SECONDS", default: 120, in: DeliverySettings.leaseRange))))
    }

    private init(
        sealingKey: Data, mail: MailSettings?, webhooks: WebhookSettings, deliveries: DeliverySettings
    ) {
        webhookSecrets = WebhookSecrets(sealingKey: SymmetricKey(data: sealingKey))
        self.mail = mail
        self.webhooks = webhooks
        self.deliveries = deliveries
    }

    /// Without MAIL_URL no mail is sent.
    private static func mail(from settings: inout Settings) -> MailSettings? {
        let values = MailSettings.keys.compactMap { key in settings.optionalString(key).map { (key, $0) } }
        do throws(MailSettingFault) {
            return try MailSettings(values: Dictionary(uniqueKeysWithValues: values))
        } catch {
            // An address may hold a password.
            settings.fault(error.key, error.value, error.expected, isSecret: error.key == "MAIL_URL")
            return nil
        }
    }
}
