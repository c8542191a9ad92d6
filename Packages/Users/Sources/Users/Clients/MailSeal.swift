import Crypto
import ExactTypes
import Foundation
import SharedTypes

/// Seals the bodies of messages that wait to be sent: they hold tokens, which must not stand in the database.
struct MailSeal: Sendable {
    let key: SymmetricKey

    /// A body that does not open: it was sealed with another key, or for another message.
    struct Broken: Error, CustomStringConvertible {
        var description: String { "The body of a message cannot be opened with this USERS_SEALING_KEY." }
    }

    /// The id goes into the seal, so that a body put under another id does not open.
    func seal(_ body: String, for id: OutgoingMail.ID) throws -> [UInt8] {
        let box = try AES.GCM.seal(
            Data(body.utf8), using: key, authenticating: OpaqueToken.bytes(of: id.uuid))
        guard let sealed = box.combined else { throw CryptoKitError.incorrectParameterSize }
        return Array(sealed)
    }

    func open(_ sealed: [UInt8], of id: OutgoingMail.ID) throws(Broken) -> String {
        guard let box = try? AES.GCM.SealedBox(combined: sealed),
            let body = try? AES.GCM.open(box, using: key, authenticating: OpaqueToken.bytes(of: id.uuid))
        else { throw Broken() }
        return String(decoding: body, as: UTF8.self)
    }
}
