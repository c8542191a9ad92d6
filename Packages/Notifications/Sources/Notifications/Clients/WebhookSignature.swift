import Crypto
import Foundation

/// The headers by which a receiver knows that a webhook is ours, and which one it is: Standard Webhooks 1.0.0.
struct WebhookSignature: Sendable {
    /// The same each time that the message is sent. It has no dot, which separates what is signed.
    let id: String
    let sentAt: Date
    let body: Data

    /// The headers for an endpoint, with a signature by each of its secrets: while one replaces another there are two.
    func headers(secrets: [[UInt8]]) -> [(String, String)] {
        let timestamp = String(Int(exactly: sentAt.timeIntervalSince1970.rounded(.down)) ?? 0)
        let signed = Data("\(id).\(timestamp).".utf8) + body
        let signatures = secrets.map { secret in
            let code = HMAC<SHA256>.authenticationCode(for: signed, using: SymmetricKey(data: secret))
            return "v1,\(Data(code).base64EncodedString())"
        }
        return [
            ("webhook-id", id), ("webhook-timestamp", timestamp),
            ("webhook-signature", signatures.joined(separator: " ")),
        ]
    }
}
