import ExactTypes

/// An address that mail goes to or comes from, and nothing that could be more than an address: it is written into
/// the envelope's commands and into headers, where a line break or a bracket would say something else.
///
/// RFC 5321 allows more (quoted local parts, address literals), which no person has; an address in another script would
/// need SMTPUTF8 of every server on the way.
public struct MailAddress: Sendable, Hashable {
    /// "somebody@example.com": the local part as it was written, the host in lower case.
    public let text: String
    /// The part after the @.
    public let host: String

    /// Reads an address of ASCII letters, digits and the signs that an unquoted local part may have.
    public init(parsing written: String) throws(ParseError) {
        let parts = written.split(separator: "@", omittingEmptySubsequences: false)
        guard parts.count == 2, let local = parts.first, let host = parts.last else {
            throw ParseError(reason: "is not an email address like ada@example.com")
        }
        guard written.utf8.count <= 254 else { throw ParseError(reason: "has more than 254 characters") }
        guard Self.isLocalPart(local) else {
            throw ParseError(reason: "has characters before the @ that Grove does not accept")
        }
        guard Self.isHost(host) else {
            throw ParseError(reason: "has no domain like example.com after the @")
        }
        self.init(local: String(local), host: host.lowercased())
    }

    /// For messages that are not delivered (RFC 2606 keeps the name free).
    static let unanswered = MailAddress(local: "no-reply", host: "grove.invalid")

    private init(local: String, host: String) {
        self.host = host
        text = local + "@" + host
    }

    private static let signs = Set("!#$%&'*+-/=?^_`{|}~.".utf8)

    private static func isLocalPart(_ part: Substring) -> Bool {
        (1...64).contains(part.utf8.count)
            && part.utf8.allSatisfy { isAlphanumeric($0) || signs.contains($0) }
            && !part.hasPrefix(".") && !part.hasSuffix(".") && !part.contains("..")
    }

    private static func isHost(_ host: Substring) -> Bool {
        host.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { label in
            (1...63).contains(label.utf8.count)
                && label.utf8.allSatisfy { isAlphanumeric($0) || $0 == UInt8(ascii: "-") }
                && !label.hasPrefix("-") && !label.hasSuffix("-")
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
