import ExactTypes

/// An address that mail goes to or comes from, and nothing that could be more than an address: it is written into
/// the envelope's commands and into headers, where a line break or a bracket would say something else.
public struct MailAddress: Sendable, Hashable {
    /// What was parsed, "somebody@example.com".
    public let text: String
    /// The part after the @.
    let host: String

    /// Reads an address of ASCII letters, digits and the signs that an unquoted local part may have. Throws
    /// ParseError for everything else: an address in another script would need SMTPUTF8 of every server on the way.
    public init(parsing text: String) throws(ParseError) {
        let parts = text.split(separator: "@", omittingEmptySubsequences: false)
        guard parts.count == 2, let local = parts.first, let host = parts.last, text.utf8.count <= 254,
            (1...64).contains(local.utf8.count), local.utf8.allSatisfy(Self.isLocal), Self.isHost(host)
        else { throw ParseError(reason: "is not a mail address like somebody@example.com") }
        self.text = text
        self.host = String(host)
    }

    private static let signs = Set("!#$%&'*+-/=?^_`{|}~.".utf8)

    private static func isLocal(_ byte: UInt8) -> Bool { isAlphanumeric(byte) || signs.contains(byte) }

    private static func isHost(_ text: Substring) -> Bool {
        let labels = text.split(separator: ".", omittingEmptySubsequences: false)
        return labels.allSatisfy { label in
            (1...63).contains(label.utf8.count) && label.utf8.first != UInt8(ascii: "-")
                && label.utf8.allSatisfy { isAlphanumeric($0) || $0 == UInt8(ascii: "-") }
        }
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: false
        }
    }
}
