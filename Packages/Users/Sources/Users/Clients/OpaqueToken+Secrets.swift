import Crypto
import ExactTypes
import Foundation
import SharedTypes

extension OpaqueToken {
    /// 256 random bits.
    static func randomSecret() -> [UInt8] {
        SymmetricKey(size: .bits256).withUnsafeBytes { Array($0) }
    }

    /// What the database keeps. The secret has 256 random bits, so a fast hash suffices.
    var hash: [UInt8] { Array(SHA256.hash(data: secret)) }

    /// The token that replaces this one under the successor's id. It is derived and not drawn, so that
    /// parallel refreshes of one token are all given the same successor, though only its hash is stored. It
    /// takes this token's secret, the successor's id, and a key that only the service has: who stole this
    /// token alone cannot go on by himself.
    func successor(_ id: RefreshToken.ID, using key: SymmetricKey) -> OpaqueToken {
        let code = HMAC<SHA256>.authenticationCode(for: secret + Self.bytes(of: id.uuid), using: key)
        return OpaqueToken(userID: userID, sessionID: sessionID, secret: Array(code))
    }
}
