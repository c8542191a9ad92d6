import Crypto
public import Foundation
public import SharedTypes

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
        webhookSecrets = WebhookSecrets(sealingKey: SymmetricKey(data: bytes))
        self.mail = mail
        self.webhooks = webhooks
        self.deliveries = deliveries
    }
}
