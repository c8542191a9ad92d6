import Crypto
import Foundation

/// One key for each purpose, derived from the service's sealing key, so that no two uses of a key can meet.
struct DerivedKeys: Sendable {
    /// Seals the private signing keys.
    let signingKeySeal: SymmetricKey
    /// Seals the bodies of messages that wait to be sent.
    let mailSeal: SymmetricKey
    /// Makes a refresh token's successor.
    let refreshToken: SymmetricKey
    /// Hashes the emails and addresses of attempts, and the bodies that hold passwords.
    let fingerprint: SymmetricKey

    init(sealingKey: SymmetricKey) {
        func derived(_ purpose: String) -> SymmetricKey {
            HKDF<SHA256>.deriveKey(
                inputKeyMaterial: sealingKey, info: Data("grove/users/\(purpose)".utf8), outputByteCount: 32)
        }
        signingKeySeal = derived("signing-key-seal")
        mailSeal = derived("mail-seal")
        refreshToken = derived("refresh-token")
        fingerprint = derived("fingerprint")
    }

    /// A keyed hash of a text: equal texts have equal hashes, and without the key nobody can try texts.
    func fingerprint(of text: String) -> [UInt8] { fingerprint(of: Data(text.utf8)) }

    /// The same of the bytes of a body.
    func fingerprint(of bytes: some DataProtocol) -> [UInt8] {
        Array(HMAC<SHA256>.authenticationCode(for: bytes, using: fingerprint))
    }
}
