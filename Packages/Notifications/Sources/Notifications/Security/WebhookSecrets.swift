import Crypto
import Foundation
import ServiceKit
import SharedTypes

/// Seals the secrets that webhooks are signed with: AES-256-GCM under a key derived from the service's sealing key,
/// bound to the endpoint, so that a sealed secret put under another endpoint does not open.
struct WebhookSecrets: Sendable {
    /// A secret that does not open: the sealing key is not the one that it was sealed with.
    struct WrongSealingKey: Error, CustomStringConvertible {
        let id: WebhookEndpoint.ID
        var description: String {
            "The secret of webhook endpoint \(id) cannot be opened: NOTIFICATIONS_SEALING_KEY is another one."
        }
    }

    /// In bytes: as long as the hash of the signature.
    static let length = 32

    private let key: SymmetricKey

    init(sealingKey: SymmetricKey) {
        key = HKDF<SHA256>.deriveKey(
            inputKeyMaterial: sealingKey, info: Data("grove/notifications/webhook-secret".utf8),
            outputByteCount: 32)
    }

    /// A new secret, from the system's generator.
    static func make() -> [UInt8] {
        SymmetricKey(size: .init(bitCount: length * 8)).withUnsafeBytes(Array.init)
    }

    /// As its owner sees it: `whsec_` and base64, the form of the Standard Webhooks specification.
    static func text(_ secret: [UInt8]) -> String { "whsec_" + Data(secret).base64EncodedString() }

    func seal(_ secret: [UInt8], for id: WebhookEndpoint.ID) throws -> [UInt8] {
        let box = try AES.GCM.seal(secret, using: key, authenticating: Self.bytes(of: id))
        guard let sealed = box.combined else { throw CryptoKitError.incorrectParameterSize }
        return Array(sealed)
    }

    /// - Throws: ``WrongSealingKey``.
    func open(_ sealed: [UInt8], of id: WebhookEndpoint.ID) throws -> [UInt8] {
        do {
            let box = try AES.GCM.SealedBox(combined: sealed)
            return Array(try AES.GCM.open(box, using: key, authenticating: Self.bytes(of: id)))
        } catch is CryptoKitError {
            throw WrongSealingKey(id: id)
        }
    }

    private static func bytes(of id: WebhookEndpoint.ID) -> [UInt8] {
        withUnsafeBytes(of: id.uuid.uuid, Array.init)
    }
}
