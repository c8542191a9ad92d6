import ExactTypes

/// An email address in the form that Grove accepts: ASCII, the domain in lower case and with a dot.
///
/// RFC 5321 allows more (quoted local parts, address literals), which no person who signs up has.
struct EmailAddress: Sendable, Hashable {
    /// The address, the local part as it was written.
    let text: String

    /// What tells two addresses apart: `users_email_key` compares the same.
    var key: String { text.lowercased() }

    init(parsing written: String) throws(ParseError) {
        let parts = written.split(separator: "@", omittingEmptySubsequences: false)
        guard parts.count == 2, let local = parts.first, let domain = parts.last else {
            throw ParseError(reason: "is not an email address like ada@example.com")
        }
        guard written.utf8.count <= 254 else { throw ParseError(reason: "has more than 254 characters") }
        guard Self.isLocalPart(local) else {
            throw ParseError(reason: "has characters before the @ that Grove does not accept")
        }
        guard Self.isDomain(domain) else {
            throw ParseError(reason: "has no domain like example.com after the @")
        }
        text = local + "@" + domain.lowercased()
    }

    private static func isLocalPart(_ part: Substring) -> Bool {
        let punctuation = Set("!#$%&'*+-/=?^_`{|}~.".utf8)
        return (1...64).contains(part.utf8.count)
            && part.utf8.allSatisfy { isLetterOrDigit($0) || punctuation.contains($0) }
            && !part.hasPrefix(".") && !part.hasSuffix(".") && !part.contains("..")
    }

    private static func isDomain(_ domain: Substring) -> Bool {
        let labels = domain.split(separator: ".", omittingEmptySubsequences: false)
        return labels.count >= 2
            && labels.allSatisfy { label in
                (1...63).contains(label.utf8.count)
                    && label.utf8.allSatisfy { isLetterOrDigit($0) || $0 == UInt8(ascii: "-") }
                    && !label.hasPrefix("-") && !label.hasSuffix("-")
            }
    }

    private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: false
        }
    }
}
