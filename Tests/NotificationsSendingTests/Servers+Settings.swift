import Foundation
import GroveTesting
import SharedTypes

@testable import Notifications

extension WebhookServer {
    /// Trusts the server's certificate, and lets requests go to this machine.
    func settings(timeoutSeconds: Int = 10) -> WebhookSettings {
        WebhookSettings(
            allowsPrivateAddresses: true, certificates: certificate.certificate,
            timeoutSeconds: timeoutSeconds)
    }
}
