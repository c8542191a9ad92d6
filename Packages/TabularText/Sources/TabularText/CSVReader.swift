/// Reads CSV (RFC 4180) from pieces of any size, so that a file of any length needs no more memory than a piece.
///
/// Lines end with LF, CRLF or CR; a byte order mark and empty lines are passed over. What is not plainly right is
/// a fault with its line: a quote inside of an unquoted field, text behind a closing quote, a quote that never
/// closes, bytes that are not UTF-8.
public struct CSVReader: Sendable {
    /// The longest row, in bytes. A quote that is left open would otherwise take in the rest of the file.
    public static let maximumRowBytes = 65_536

    private enum State {
        case fieldStart, plain, quoted, quoteInQuoted
    }

    private let separator: UInt8
    private var state = State.fieldStart
    private var field: [UInt8] = []
    private var fields: [String] = []
    private var rowBytes = 0
    private var rowCount = 0
    private var line = 1
    private var rowLine = 1
    private var isAfterCarriageReturn = false

    public init(separator: CSVSeparator = .comma) { self.separator = separator.rawValue }

    /// The rows that end within the piece.
    public mutating func rows(in piece: ArraySlice<UInt8>) throws(CSVFault) -> [CSVRow] {
        var rows: [CSVRow] = []
        for byte in piece { try read(byte, &rows) }
        return rows
    }

    /// The last row, where the file ends without a line end.
    public mutating func finish() throws(CSVFault) -> [CSVRow] {
        guard state != .quoted else { throw fault("has a quote that never closes") }
        var rows: [CSVRow] = []
        try endRow(&rows)
        return rows
    }

    private mutating func read(_ byte: UInt8, _ rows: inout [CSVRow]) throws(CSVFault) {
        if isAfterCarriageReturn {
            isAfterCarriageReturn = false
            if byte == UInt8(ascii: "\n") { return }
        }
        rowBytes += 1
        guard rowBytes <= Self.maximumRowBytes else { throw fault("is longer than 65,536 bytes") }
        switch (state, byte) {
        case (.quoted, UInt8(ascii: "\"")):
            state = .quoteInQuoted
        case (.quoted, _):
            if byte == UInt8(ascii: "\n") { line += 1 }
            field.append(byte)
        case (.quoteInQuoted, UInt8(ascii: "\"")):
            field.append(byte)
            state = .quoted
        case (_, separator):
            try endField()
        case (_, UInt8(ascii: "\n")), (_, UInt8(ascii: "\r")):
            try endRow(&rows)
            isAfterCarriageReturn = byte == UInt8(ascii: "\r")
            line += 1
            rowLine = line
        case (_, UInt8(ascii: " ")) where state != .plain:
            // Spaces beside a field are no part of it; those in front of it and behind a quote end here.
            break
        case (.fieldStart, UInt8(ascii: "\"")):
            state = .quoted
        case (.plain, UInt8(ascii: "\"")):
            throw fault("has a quote inside of a field that does not begin with one")
        case (.quoteInQuoted, _):
            throw fault("has text behind a closing quote")
        default:
            field.append(byte)
            // A byte order mark stands before the first field, which may be quoted, and is no part of it.
            let isMark = rowCount == 0 && fields.isEmpty && field == [0xEF, 0xBB, 0xBF]
            if isMark { field.removeAll() }
            state = isMark ? .fieldStart : .plain
        }
    }

    private mutating func endField() throws(CSVFault) {
        if state == .plain {
            while field.last == UInt8(ascii: " ") { _ = field.popLast() }
        }
        guard let text = String(validating: field, as: UTF8.self) else { throw fault("is not UTF-8 text") }
        fields.append(text)
        field.removeAll(keepingCapacity: true)
        state = .fieldStart
    }

    private mutating func endRow(_ rows: inout [CSVRow]) throws(CSVFault) {
        let isEmptyLine = fields.isEmpty && field.isEmpty && state == .fieldStart
        if !isEmptyLine {
            try endField()
            rows.append(CSVRow(number: rowCount, line: rowLine, fields: fields))
            rowCount += 1
            // Not emptied in place: a wide row would give each row behind it as much room.
            fields = []
        }
        rowBytes = 0
    }

    private func fault(_ reason: String) -> CSVFault {
        CSVFault(row: rowCount == 0 ? nil : rowCount, line: rowLine, reason)
    }
}
