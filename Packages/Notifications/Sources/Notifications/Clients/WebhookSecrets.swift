import Crypto
import ExactTypes
import Foundation
import ServiceKit
import SharedTypes

/// Seals the secrets that webhooks are signed with: AES-256-GCM under a key derived from the service's sealing key,
/// bound to the endpoint, so that a sealed secret put under another endpoint does not open.
struct WebhookSecrets: Sendable {
    /// What does not open: the sealing key is not the one that it was sealed with.
    struct WrongSealingKey: Error, CustomStringConvertible {
        /// Nil where it is the database's known value.
        let id: WebhookEndpoint.ID?
        var description: String {
            guard let id else {
                return
                    "NOTIFICATIONS_SEALING_KEY is not the key that sealed the webhooks' secrets in this database."
            }
            return
                "The secret of webhook endpoint \(id) cannot be opened: NOTIFICATIONS_SEALING_KEY is another one."
        }
    }

    /// In bytes: as long as the hash of the signature.
    static let length = 32

    /// How long a secret that was replaced signs beside the new one, so that a receiver can change over without losing a
    /// message.
    static let overlapSeconds = TimeInterval.days(1)

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
        try seal(secret, authenticating: Self.bytes(of: id))
    }

    /// - Throws: ``WrongSealingKey``.
    func open(_ sealed: [UInt8], of id: WebhookEndpoint.ID) throws(WrongSealingKey) -> [UInt8] {
        guard let secret = try? open(sealed, authenticating: Self.bytes(of: id)) else {
            throw WrongSealingKey(id: id)
        }
        return secret
    }

    /// A known value under the key, by which a service shows that it has the right one.
    func makeProof() throws -> [UInt8] {
        try seal(Array(Self.known.utf8), authenticating: Data(Self.known.utf8))
    }

    /// - Throws: ``WrongSealingKey``.
    func checkProof(_ sealed: [UInt8]) throws(WrongSealingKey) {
        guard (try? open(sealed, authenticating: Data(Self.known.utf8))) == Array(Self.known.utf8) else {
            throw WrongSealingKey(id: nil)
        }
    }

    private static let known = "grove/notifications/sealing-key-proof"

    private func seal(_ secret: [UInt8], authenticating context: some DataProtocol) throws -> [UInt8] {
        let box = try AES.GCM.seal(secret, using: key, authenticating: context)
        guard let sealed = box.combined else { throw CryptoKitError.incorrectParameterSize }
        return Array(sealed)
    }

    private func open(_ sealed: [UInt8], authenticating context: some DataProtocol) throws -> [UInt8] {
        Array(try AES.GCM.open(AES.GCM.SealedBox(combined: sealed), using: key, authenticating: context))
    }

    private static func bytes(of id: WebhookEndpoint.ID) -> [UInt8] {
        withUnsafeBytes(of: id.uuid.uuid, Array.init)
    }
}
