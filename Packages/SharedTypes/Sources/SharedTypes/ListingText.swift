public import ExactTypes

/// The texts of a listing, under which an instrument is unique: who names it, at which exchange, and how.
public enum ListingText {
    /// A source in capitals: a letter, then letters, digits and underscores, 40 at most.
    public static func source(_ text: String) throws(ParseError) -> String {
        let source = text.uppercased()
        guard (1...40).contains(source.utf8.count),
            source.utf8.allSatisfy({ isLetterOrDigit($0) || $0 == UInt8(ascii: "_") }),
            source.utf8.first.map({ $0 >= UInt8(ascii: "A") && $0 <= UInt8(ascii: "Z") }) == true
        else {
            throw ParseError(reason: "is not a name like YAHOO: letters, digits and _, 40 at most")
        }
        return source
    }

    /// An exchange's code in capitals: letters, digits and points, 20 at most; empty where there is none.
    public static func exchange(_ text: String) throws(ParseError) -> String {
        let exchange = text.uppercased()
        guard exchange.utf8.count <= 20,
            exchange.utf8.allSatisfy({ isLetterOrDigit($0) || $0 == UInt8(ascii: ".") })
        else {
            throw ParseError(reason: "is not a code like XNAS: letters, digits and points, 20 at most")
        }
        return exchange
    }

    /// A symbol: 1 to 100 characters without control characters, neither beginning nor ending with a space.
    public static func symbol(_ text: String) throws(ParseError) -> String {
        let scalars = text.unicodeScalars
        guard let first = scalars.first, let last = scalars.last else { throw ParseError(reason: "is empty") }
        guard scalars.count <= 100 else { throw ParseError(reason: "is longer than 100 characters") }
        guard scalars.allSatisfy({ $0.properties.generalCategory != .control }) else {
            throw ParseError(reason: "contains a control character")
        }
        guard first != " ", last != " " else { throw ParseError(reason: "begins or ends with a space") }
        return text
    }

    private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
            || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }
}
