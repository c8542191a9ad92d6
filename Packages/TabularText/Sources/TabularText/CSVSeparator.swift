/// What stands between the fields of a row.
public enum CSVSeparator: UInt8, Sendable, CaseIterable {
    case comma = 0x2C
    case semicolon = 0x3B
    case tab = 0x09
    case pipe = 0x7C
}

/// Where a file's header begins, and what separates its fields.
struct CSVStart: Equatable {
    let separator: CSVSeparator
    /// What comes before the header: empty lines, and a line like "sep=;", which some spreadsheets write.
    var skippedBytes = 0
    var skippedLines = 0

    /// Reads the first line in which something stands, in UTF-8; nil where it does not end within the bytes.
    ///
    /// The separator is the one of the four that stands most often in it outside of quotes; of two that stand
    /// as often, the one that comes first; a comma where there is none.
    init?(_ bytes: [UInt8], isWhole: Bool) {
        var counts: [(separator: CSVSeparator, count: Int)] = []
        var isQuoted = false
        var isEmpty = true
        var start = 0
        var end: Int?
        for (place, byte) in bytes.enumerated() {
            if byte == UInt8(ascii: "\"") { isQuoted.toggle() }
            let isLineEnd = byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r")
            if isLineEnd, !isQuoted {
                if !isEmpty {
                    end = place
                    break
                }
                start = place + 1
                counts = []
                continue
            }
            if !isQuoted, let separator = CSVSeparator(rawValue: byte) {
                if let known = counts.firstIndex(where: { $0.separator == separator }) {
                    counts[known].count += 1
                } else {
                    counts.append((separator, 1))
                }
            }
            if byte != UInt8(ascii: " ") { isEmpty = false }
        }
        guard end != nil || isWhole else { return nil }
        let line = bytes.prefix(end ?? bytes.count).dropFirst(start)
        if let separator = Self.named(by: line) {
            self.separator = separator
            // With its line end, of which a line feed behind a carriage return may not have come yet.
            skippedBytes = min(start + line.count + 1, bytes.count)
            skippedLines = Self.lines(in: bytes.prefix(skippedBytes))
        } else {
            // The first of those that stand most often.
            let most = counts.map(\.count).max()
            separator = counts.first { $0.count == most }?.separator ?? .comma
        }
    }

    /// The separator of a line like `sep=;` or `"sep=;"`.
    private static func named(by line: ArraySlice<UInt8>) -> CSVSeparator? {
        var text = line
        while text.last == UInt8(ascii: " ") { text = text.dropLast() }
        if text.count == 7, text.first == UInt8(ascii: "\""), text.last == UInt8(ascii: "\"") {
            text = text.dropFirst().dropLast()
        }
        guard text.count == 5, text.prefix(3).map({ $0 | 0x20 }) == Array("sep".utf8),
            text.dropFirst(3).first == UInt8(ascii: "=")
        else { return nil }
        return text.last.flatMap(CSVSeparator.init)
    }

    private static func lines(in bytes: ArraySlice<UInt8>) -> Int {
        var lines = 0
        var last: UInt8?
        for byte in bytes {
            let isReturn = byte == UInt8(ascii: "\r")
            let isFeed = byte == UInt8(ascii: "\n") && last != UInt8(ascii: "\r")
            if isReturn || isFeed { lines += 1 }
            last = byte
        }
        return lines
    }
}
