import ExactTypes
import Foundation
import SharedTypes
import StrictJSON

/// The text of a token that carries whose it is, so that it is looked up as that user and no policy needs an
/// exception: a prefix that secret scanners can know, then base64url of the ids and 32 random bytes.
struct OpaqueToken: Sendable, Hashable {
    enum Kind: String, Sendable {
        case refresh = "grr_"
        case email = "gre_"
    }

    /// Length of a secret in bytes: 256 bits.
    static let secretLength = 32

    let userID: User.ID
    /// The session of a refresh token; nil for a token of an email.
    let sessionID: Session.ID?
    /// 32 bytes. Stored nowhere: the database keeps its SHA-256.
    let secret: [UInt8]

    init(userID: User.ID, sessionID: Session.ID? = nil, secret: [UInt8]) {
        self.userID = userID
        self.sessionID = sessionID
        self.secret = secret
    }

    /// Reads a token of that kind; nil for any other text.
    init?(parsing text: String, as kind: Kind) {
        guard text.hasPrefix(kind.rawValue),
            let bytes = Data(base64URL: text.dropFirst(kind.rawValue.count)).map(Array.init)
        else { return nil }
        let idLength = kind == .refresh ? 32 : 16
        guard bytes.count == idLength + Self.secretLength else { return nil }
        userID = User.ID(Self.uuid(bytes.prefix(16)))
        sessionID = kind == .refresh ? Session.ID(Self.uuid(bytes.dropFirst(16).prefix(16))) : nil
        secret = Array(bytes.dropFirst(idLength))
    }

    /// The text that a person is given.
    var text: String {
        var bytes = Self.bytes(of: userID.uuid)
        if let sessionID { bytes += Self.bytes(of: sessionID.uuid) }
        let kind: Kind = sessionID == nil ? .email : .refresh
        return kind.rawValue + Data(bytes + secret).base64URL
    }

    static func bytes(of uuid: UUID) -> [UInt8] { withUnsafeBytes(of: uuid.uuid) { Array($0) } }

    private static func uuid(_ bytes: ArraySlice<UInt8>) -> UUID {
        var raw: uuid_t = (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
        withUnsafeMutableBytes(of: &raw) { $0.copyBytes(from: bytes) }
        return UUID(uuid: raw)
    }
}
