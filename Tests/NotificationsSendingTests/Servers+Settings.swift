import Foundation
import GroveTesting
import SharedTypes

@testable import Notifications

extension MailServer {
    /// How to reach it.
    func settings(
        scheme: String = "smtp", user: String? = nil, password: String? = nil, requiresTLS: Bool = false,
        certificates: String? = nil, timeoutSeconds: Int = 10
    ) throws -> MailSettings {
        try MailSettings(
            url: "\(scheme)://127.0.0.1:\(port)", user: user, password: password,
            sender: try MailAddress(parsing: "notices@grove.example"), requiresTLS: requiresTLS,
            certificates: certificates, timeoutSeconds: timeoutSeconds)
    }
}

extension WebhookServer {
    /// Trusts the server's certificate, and lets requests go to this machine.
    func settings(timeoutSeconds: Int = 10) -> WebhookSettings {
        WebhookSettings(
            allowsPrivateAddresses: true, certificates: certificate.certificate,
            timeoutSeconds: timeoutSeconds)
    }
}
