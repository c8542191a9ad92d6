import Crypto
public import Foundation
public import SharedTypes

/// What a deployment decides about Notifications.
public struct NotificationsConfiguration: Sendable {
    /// The server that takes mail on its way.
    public struct MailServer: Sendable, Hashable {
        /// `smtp://host:port`, which turns to TLS where the server offers it, or `smtps://host:port`.
        public let url: String
        /// Who writes, as `Grove <hello@grove.example>`.
        public let from: String
        /// Whether a server that offers no TLS gets nothing.
        public let requiresTLS: Bool
        /// The name and password for the server, where it wants them.
        public let user: String?
        let password: String?

        public init(
            url: String, from: String, requiresTLS: Bool = true, user: String? = nil, password: String? = nil
        ) {
            self.url = url
            self.from = from
            self.requiresTLS = requiresTLS
            self.user = user
            self.password = password
        }
    }

    /// Nil where the deployment sends no mail: such deliveries are then suppressed, with that reason.
    public let mail: MailServer?
    let webhookSecrets: WebhookSecrets

    /// - Parameters:
    ///   - sealingKey: NOTIFICATIONS_SEALING_KEY, 32 bytes in base64. Every instance needs the same one: with another
    ///     key the secrets of webhooks cannot be opened.
    ///   - mail: where mail goes.
    /// - Throws: ParseError, when the key is not 32 bytes in base64.
    public init(sealingKey: String, mail: MailServer?) throws(ParseError) {
        guard let bytes = Data(base64Encoded: sealingKey), bytes.count == 32 else {
            throw ParseError(reason: "is not 32 bytes in base64, as `openssl rand -base64 32` prints them")
        }
        webhookSecrets = WebhookSecrets(sealingKey: SymmetricKey(data: bytes))
        self.mail = mail
    }
}
