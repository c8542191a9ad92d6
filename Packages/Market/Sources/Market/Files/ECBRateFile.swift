import ExactTypes
import SharedTypes

/// The euro reference rates of the European Central Bank as XML: `eurofxref-daily.xml` and the histories.
///
/// It reads the elements `Cube` and their attributes, and wants the envelope to begin and to end, so that neither a page
/// for people nor a file that was cut is taken for one of rates. Documents that declare entities are refused.
struct ECBRateFile: Sendable {
    /// One euro buys so much of each currency, in the order of the file. Currencies that are no longer in use are left out.
    private(set) var entries: [ExchangeRateTable.Entry] = []
    /// Rates that no rate can be.
    private(set) var refused = 0
    /// The oldest day of the file; nil where it has none.
    private(set) var firstDay: CalendarDay?

    init(parsing bytes: [UInt8]) throws(ParseError) {
        var rest = ArraySlice(bytes)
        var day: CalendarDay?
        var (isOpen, isClosed) = (false, false)
        while let start = rest.firstIndex(of: UInt8(ascii: "<")) {
            rest = rest.suffix(from: start).dropFirst()
            guard let end = rest.firstIndex(of: UInt8(ascii: ">")) else {
                throw ParseError(reason: "ends within a tag")
            }
            let tag = Tag(rest.prefix(upTo: end))
            rest = rest.suffix(from: end).dropFirst()
            if tag.name.hasPrefix("!") { throw ParseError(reason: "declares something") }
            if tag.name.hasPrefix("?") { continue }
            if !isOpen, tag.name != "gesmes:Envelope" {
                throw ParseError(reason: "is no file of reference rates")
            }
            switch tag.name {
            case "gesmes:Envelope": isOpen = true
            case "/gesmes:Envelope": isClosed = true
            case "Cube" where tag.attributes["time"] != nil:
                day = try CalendarDay(parsing: tag.attributes["time"] ?? "")
                firstDay = [firstDay, day].compactMap { $0 }.min()
            case "Cube" where tag.attributes["currency"] != nil: try add(tag.attributes, of: day)
            case "/Cube": day = nil
            default: break
            }
        }
        guard isClosed else { throw ParseError(reason: "ends before its end") }
    }

    private mutating func add(_ attributes: [String: String], of day: CalendarDay?) throws(ParseError) {
        guard let day, let code = attributes["currency"], let text = attributes["rate"] else {
            throw ParseError(reason: "has a rate without a day or a figure")
        }
        guard let currency = try? Currency(parsing: code) else { return }
        guard let rate = try? ExchangeRate(parsing: text) else {
            refused += 1
            return
        }
        entries.append(ExchangeRateTable.Entry(base: .eur, quote: currency, day: day, rate: rate))
    }

    /// What stands between the brackets of a tag.
    private struct Tag {
        let name: String
        let attributes: [String: String]

        init(_ bytes: ArraySlice<UInt8>) {
            let text = bytes.last == UInt8(ascii: "/") ? bytes.dropLast() : bytes
            name = String(decoding: text.prefix { $0 != UInt8(ascii: " ") }, as: UTF8.self)
            // In either kind of quotes: ` time=`, `2024-01-02`, and so on in turn.
            var parts = ArraySlice(
                text.dropFirst(name.utf8.count).split(
                    omittingEmptySubsequences: false,
                    whereSeparator: { $0 == UInt8(ascii: "'") || $0 == UInt8(ascii: "\"") }))
            var attributes: [String: String] = [:]
            while let key = parts.popFirst(), let value = parts.popFirst() {
                let letters = key.filter { $0 != UInt8(ascii: " ") && $0 != UInt8(ascii: "=") }
                attributes[String(decoding: letters, as: UTF8.self)] = String(decoding: value, as: UTF8.self)
            }
            self.attributes = attributes
        }
    }
}
