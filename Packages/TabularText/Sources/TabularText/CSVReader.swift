import ExactTypes

/// Reads CSV (RFC 4180) from pieces of any size, so that a file of any length needs no more memory than a
/// piece.
///
/// Encoding and separator are those of the file (`TextEncoding`, `CSVStart`). Lines end with LF, CRLF or CR;
/// a byte order mark, a line like `sep=;` before the header and empty lines are passed over. What is not
/// plainly right is a fault with its line: a quote inside of an unquoted field, text behind a closing quote,
/// a quote that never closes, bytes that are no text.
public struct CSVReader: Sendable {
    /// The longest row, in bytes of UTF-8. A quote that is left open would otherwise take in the rest of the
    /// file.
    public static let maximumRowBytes = 65_536

    private enum State {
        case fieldStart, plain, quoted, quoteInQuoted
    }

    /// The first bytes, until the encoding is known.
    private var start: [UInt8]? = []
    private var utf16: UTF16Reader?
    /// The first characters, until the header has ended.
    private var head: [UInt8]? = []
    /// What separates the fields; a comma until the header has ended.
    public private(set) var separator = CSVSeparator.comma
    private var state = State.fieldStart
    private var field: [UInt8] = []
    /// Has its high bit where the field has a byte that is no ASCII.
    private var fieldBits: UInt8 = 0
    private var fields: [String] = []
    private var rowBytes = 0
    private var line = 1
    private var rowLine = 1
    private var isAfterCarriageReturn = false
    /// The first lines with a field in UTF-8 beyond ASCII, and with one that is none.
    private var utf8Line: Int?
    private var windowsLine: Int?

    public init() {}

    /// The rows that end within the piece; the first row of all is the header.
    public mutating func rows(in piece: ArraySlice<UInt8>) throws(RowFault) -> [CSVRow] {
        try rows(in: piece, isLast: false)
    }

    /// The last rows, where the file ends without a line end.
    public mutating func finish() throws(RowFault) -> [CSVRow] {
        var rows = try rows(in: [], isLast: true)
        guard utf16?.isComplete ?? true else { throw fault("is not UTF-16 text") }
        guard state != .quoted else { throw fault("has a quote that never closes") }
        try endRow(&rows)
        return rows
    }

    private mutating func rows(in piece: ArraySlice<UInt8>, isLast: Bool) throws(RowFault) -> [CSVRow] {
        var piece = piece
        if let started = start {
            let first = started + piece
            guard first.count >= TextEncoding.startBytes || isLast else {
                start = first
                return []
            }
            let (encoding, markBytes) = TextEncoding.of(start: Array(first.prefix(TextEncoding.startBytes)))
            if encoding != .bytes { utf16 = UTF16Reader(isLittleEndian: encoding == .utf16LittleEndian) }
            start = nil
            piece = first.dropFirst(markBytes)
        }
        if utf16 != nil {
            guard let text = utf16?.utf8(of: piece) else { throw fault("is not UTF-16 text") }
            piece = text.dropFirst(0)
        }
        if let known = head {
            let first = known + piece
            guard let csv = CSVStart(first, isWhole: isLast || first.count > Self.maximumRowBytes) else {
                head = first
                return []
            }
            head = nil
            separator = csv.separator
            line += csv.skippedLines
            rowLine = line
            isAfterCarriageReturn = first.prefix(csv.skippedBytes).last == UInt8(ascii: "\r")
            piece = first.dropFirst(csv.skippedBytes)
        }
        var rows: [CSVRow] = []
        for byte in piece { try read(byte, &rows) }
        return rows
    }

    private mutating func read(_ byte: UInt8, _ rows: inout [CSVRow]) throws(RowFault) {
        if isAfterCarriageReturn {
            isAfterCarriageReturn = false
            if byte == UInt8(ascii: "\n") {
                // Within quotes it is a part of the field; its line was counted with the carriage return.
                if state == .quoted { append(byte) }
                return
            }
        }
        rowBytes += 1
        guard rowBytes <= Self.maximumRowBytes else { throw fault("is longer than 65,536 bytes") }
        switch (state, byte) {
        case (.quoted, UInt8(ascii: "\"")):
            state = .quoteInQuoted
        case (.quoted, _):
            if byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") {
                line += 1
                isAfterCarriageReturn = byte == UInt8(ascii: "\r")
            }
            append(byte)
        case (.quoteInQuoted, UInt8(ascii: "\"")):
            append(byte)
            state = .quoted
        case (_, separator.rawValue):
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
            append(byte)
            state = .plain
        }
    }

    private mutating func append(_ byte: UInt8) {
        field.append(byte)
        fieldBits |= byte
    }

    private mutating func endField() throws(RowFault) {
        if state == .plain {
            while field.last == UInt8(ascii: " ") { _ = field.popLast() }
        }
        fields.append(try text())
        field.removeAll(keepingCapacity: true)
        fieldBits = 0
        state = .fieldStart
    }

    /// The field's text. A file is UTF-8 or Windows-1252 as a whole: one that has both is neither.
    private mutating func text() throws(RowFault) -> String {
        let text: String?
        if let utf8 = String(validating: field, as: UTF8.self) {
            text = utf8
            if fieldBits >= 0x80 { utf8Line = utf8Line ?? rowLine }
        } else {
            text = Windows1252.text(field)
            windowsLine = windowsLine ?? rowLine
        }
        guard let text, utf8Line == nil || windowsLine == nil else {
            throw RowFault(row: windowsLine ?? rowLine, "is neither UTF-8 nor Windows-1252 text")
        }
        return text
    }

    private mutating func endRow(_ rows: inout [CSVRow]) throws(RowFault) {
        let isEmptyLine = fields.isEmpty && field.isEmpty && state == .fieldStart
        if !isEmptyLine {
            try endField()
            rows.append(CSVRow(line: rowLine, fields: fields))
            // Not emptied in place: a wide row would give each row behind it as much room.
            fields = []
        }
        rowBytes = 0
    }

    private func fault(_ reason: String) -> RowFault { RowFault(row: rowLine, reason) }
}
