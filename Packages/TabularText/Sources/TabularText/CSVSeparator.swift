/// What stands between the fields of a row.
public enum CSVSeparator: UInt8, Sendable, CaseIterable {
    case comma = 0x2C
    case semicolon = 0x3B
    case tab = 0x09

    /// The separator of a header: the first of the three that stands outside of quotes in the first line that is
    /// not empty; a comma where there is none.
    public init(ofHeader bytes: some Sequence<UInt8>) {
        var isQuoted = false
        var isEmpty = true
        for byte in bytes.prefix(CSVReader.maximumRowBytes) {
            if byte == UInt8(ascii: "\"") { isQuoted.toggle() }
            if !isQuoted {
                let isLineEnd = byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r")
                if isLineEnd && !isEmpty { break }
                if let separator = CSVSeparator(rawValue: byte) {
                    self = separator
                    return
                }
                if isLineEnd { continue }
            }
            if byte != UInt8(ascii: " ") { isEmpty = false }
        }
        self = .comma
    }
}
