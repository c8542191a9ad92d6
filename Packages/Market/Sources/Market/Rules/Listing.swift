import ExactTypes

/// Under which symbol a source names an instrument: what an instrument is unique by.
struct Listing: Sendable, Hashable {
    /// Who names the symbol, in capitals, as portfolio files write it: YAHOO, COINGECKO, MANUAL.
    let source: String
    /// The exchange's code in capitals; empty where the source tells none.
    let exchange: String
    /// The symbol as the source writes it; its case matters.
    let symbol: String

    init(source: String, exchange: String, symbol: String) throws(FieldError) {
        self.source = try Self.source(source)
        self.exchange = try Self.exchange(exchange)
        do {
            self.symbol = try Self.symbol(symbol)
        } catch {
            throw FieldError(field: "symbol", reason: error.reason)
        }
    }

    /// A source in capitals: a letter, then letters, digits and underscores, 40 at most.
    static func source(_ text: String) throws(FieldError) -> String {
        let source = text.uppercased()
        guard (1...40).contains(source.utf8.count),
            source.utf8.allSatisfy({ isLetterOrDigit($0) || $0 == 0x5F }),
            source.utf8.first.map({ $0 >= UInt8(ascii: "A") && $0 <= UInt8(ascii: "Z") }) == true
        else {
            throw FieldError(
                field: "source", reason: "is not a name like YAHOO: letters, digits and _, 40 at most")
        }
        return source
    }

    /// An exchange's code in capitals: letters, digits and points, 20 at most.
    static func exchange(_ text: String) throws(FieldError) -> String {
        let exchange = text.uppercased()
        guard exchange.utf8.count <= 20, exchange.utf8.allSatisfy({ isLetterOrDigit($0) || $0 == 0x2E })
        else {
            throw FieldError(
                field: "exchange", reason: "is not a code like XNAS: letters, digits and points, 20 at most")
        }
        return exchange
    }

    /// A symbol: 1 to 100 characters without control characters, neither beginning nor ending with a space.
    static func symbol(_ text: String) throws(ParseError) -> String {
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

extension Listing: CustomStringConvertible {
    /// "GOOG at XNAS (YAHOO)".
    var description: String { symbol + (exchange.isEmpty ? "" : " at \(exchange)") + " (\(source))" }
}
