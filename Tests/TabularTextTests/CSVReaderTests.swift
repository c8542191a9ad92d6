import ExactTypes
import Testing

@testable import TabularText

@Suite struct CSVReaderTests {
    private static func fields(_ text: String, pieceBytes: Int = 1_000) throws -> [[String]] {
        try rows(Array(text.utf8), pieceBytes: pieceBytes).map(\.fields)
    }

    private static func rows(_ bytes: [UInt8], pieceBytes: Int = 1_000) throws -> [CSVRow] {
        var reader = CSVReader()
        var rows: [CSVRow] = []
        var rest = bytes[...]
        while !rest.isEmpty {
            rows += try reader.rows(in: rest.prefix(pieceBytes))
            rest = rest.dropFirst(pieceBytes)
        }
        return rows + (try reader.finish())
    }

    private static func fault(_ text: String) throws -> RowFault {
        try #require(throws: RowFault.self) { try rows(Array(text.utf8)) }
    }

    @Test(arguments: ["a,b\n1,2\n", "a,b\r\n1,2\r\n", "a,b\r1,2\r", "a,b\n1,2", "\n\na,b\n\n \n1,2\n\n\r\n"])
    func everyLineEndAndEmptyLinesAreRead(text: String) throws {
        for pieceBytes in 1...3 {
            #expect(try Self.fields(text, pieceBytes: pieceBytes) == [["a", "b"], ["1", "2"]])
        }
    }

    @Test func fieldsMayBeEmptyAlsoTheLast() throws {
        #expect(try Self.fields(",a,\n,,") == [["", "a", ""], ["", "", ""]])
    }

    @Test func quotesHoldCommasLineEndsAndQuotes() throws {
        let text = "\"a,b\",\"c\r\nd\", \"e \"\"f\"\"\" ,\"\"\nnext,1,2,3"
        for pieceBytes in [1, 4, 1_000] {
            #expect(
                try Self.fields(text, pieceBytes: pieceBytes)
                    == [["a,b", "c\r\nd", "e \"f\"", ""], ["next", "1", "2", "3"]])
        }
    }

    @Test func spacesBesideFieldsAreNoPartOfThem() throws {
        #expect(try Self.fields(" a b , c\n") == [["a b", "c"]])
    }

    @Test(arguments: ["a,b", "\"a\",b"])
    func aByteOrderMarkIsPassedOver(header: String) throws {
        #expect(
            try Self.rows([0xEF, 0xBB, 0xBF] + Array(header.utf8), pieceBytes: 1).map(\.fields) == [
                ["a", "b"]
            ])
    }

    @Test func aRowsLineIsThatOfAnEditor() throws {
        for pieceBytes in [1, 5, 1_000] {
            let rows = try Self.rows(
                Array("h\r\n\r\n\"1\n1\"\r\n2\r\"3\r\n3\",\"\r\"\r4\n".utf8), pieceBytes: pieceBytes)
            #expect(rows.map(\.line) == [1, 3, 5, 6, 9])
            #expect(rows.map(\.fields) == [["h"], ["1\n1"], ["2"], ["3\r\n3", "\r"], ["4"]])
        }
    }

    @Test func whatIsNotCSVNamesItsLine() throws {
        #expect(
            try Self.fault("a\n1\nx\"y\n")
                == RowFault(row: 3, "has a quote inside of a field that does not begin with one"))
        #expect(try Self.fault("a\n\"1\"2\n") == RowFault(row: 2, "has text behind a closing quote"))
        #expect(try Self.fault("a\n\"1\n2\n") == RowFault(row: 2, "has a quote that never closes"))
        #expect(
            try Self.fault("a\n" + String(repeating: "x", count: 65_537)).reason
                == "is longer than 65,536 bytes")
    }

    // MARK: - Encodings

    private static let text = "Währung;Preis\r\n€ 5;Zoë\n"
    private static let fields = [["Währung", "Preis"], ["€ 5", "Zoë"]]

    private static func utf16(_ text: String, _ bytes: (UInt16) -> [UInt8]) -> [UInt8] {
        text.utf16.flatMap(bytes)
    }

    private static func littleEndian(_ text: String) -> [UInt8] {
        utf16(text) { [UInt8(truncatingIfNeeded: $0), UInt8(truncatingIfNeeded: $0 >> 8)] }
    }

    private static func bigEndian(_ text: String) -> [UInt8] {
        utf16(text) { [UInt8(truncatingIfNeeded: $0 >> 8), UInt8(truncatingIfNeeded: $0)] }
    }

    /// With a mark and without one, in pieces that cut characters in two.
    @Test(arguments: [
        Array(text.utf8), [0xEF, 0xBB, 0xBF] + Array(text.utf8), littleEndian(text),
        [0xFF, 0xFE] + littleEndian(text),
        bigEndian(text), [0xFE, 0xFF] + bigEndian(text),
    ])
    func everyEncodingOfUnicodeGivesTheSameRows(bytes: [UInt8]) throws {
        for pieceBytes in [1, 2, 3, 1_000] {
            let rows = try Self.rows(bytes, pieceBytes: pieceBytes)
            #expect(rows.map(\.fields) == Self.fields)
            #expect(rows.map(\.line) == [1, 2])
        }
    }

    @Test func charactersBeyondSixteenBitsAreReadFromUTF16() throws {
        #expect(
            try Self.rows(Self.littleEndian("a,b\n🪙,1\n"), pieceBytes: 3).map(\.fields).last == ["🪙", "1"])
        let lone = Self.littleEndian("a,b\n") + [0x3D, 0xD8] + Self.littleEndian("1\n")
        #expect(throws: RowFault(row: 1, "is not UTF-16 text")) { try Self.rows(lone) }
        #expect(throws: RowFault(row: 2, "is not UTF-16 text")) {
            try Self.rows(Self.littleEndian("a,b\n1,2") + [0x33])
        }
    }

    /// Latin-1 is Windows-1252 where it has characters; 0x80 is the euro sign, 0xA0 a space that does not
    /// break.
    @Test func bytesThatAreNoUTF8AreWindows1252() throws {
        let bytes: [UInt8] =
            Array("W".utf8) + [0xE4] + Array("hrung;Preis\n".utf8) + [0x80] + Array(" 5;1".utf8) + [0xA0]
            + Array("000\n".utf8)
        for pieceBytes in [1, 1_000] {
            #expect(
                try Self.rows(bytes, pieceBytes: pieceBytes).map(\.fields) == [
                    ["Währung", "Preis"], ["€ 5", "1\u{A0}000"],
                ])
        }
    }

    /// A file that has both is damaged: which of its characters are meant cannot be known.
    @Test(arguments: [
        Array("ä,b\n1,".utf8) + [0xE4, 0x0A], Array("a,b\n1,".utf8) + [0xE4, 0x0A] + Array("ä,1\n".utf8),
        Array("a,b\n1,".utf8) + [0x81, 0x0A],
    ])
    func whatIsNeitherIsRefused(bytes: [UInt8]) throws {
        #expect(throws: RowFault(row: 2, "is neither UTF-8 nor Windows-1252 text")) { try Self.rows(bytes) }
    }

    // MARK: - Separators

    @Test(arguments: CSVSeparator.allCases)
    func anyOfFourSeparatorsStandsBetweenFields(separator: CSVSeparator) throws {
        let mark = String(decoding: [separator.rawValue], as: UTF8.self)
        var reader = CSVReader()
        let text = "a\(mark)\"b\(mark)c\"\(mark)\n"
        let rows = try reader.rows(in: Array(text.utf8)[...]) + reader.finish()
        #expect(rows.map(\.fields) == [["a", "b\(mark)c", ""]])
        #expect(reader.separator == separator)
    }

    @Test(arguments: [
        ("a,b;c\n", CSVSeparator.comma), ("a;b,c\n", .semicolon), ("a\tb\n1,2", .tab), ("a|b\n", .pipe),
        ("\n \r\n;", .semicolon), ("\"a,b\";c", .semicolon), ("a\n1;2", .comma), ("", .comma),
        ("Kurs, EUR;Menge;Datum\n", .semicolon), ("\"a\n,\n,\";b\n", .semicolon),
    ])
    func theHeaderSaysWhatSeparates(text: String, separator: CSVSeparator) {
        #expect(CSVStart(Array(text.utf8), isWhole: true)?.separator == separator)
    }

    /// Excel writes such a line, and takes it for no row; an editor shows it.
    @Test(arguments: [
        ("sep=;\r\na,b;c\r\n1;2\r\n", 2), ("sep=;\na,b;c\n1;2\n", 2), ("sep=;\ra,b;c\r1;2\r", 2),
        ("SEP=;\na,b;c\n1;2", 2),
        ("\n\"sep=;\"\r\n\r\na,b;c\r\n1;2", 4), ("\u{FEFF}sep=;\r\na,b;c\r\n1;2", 2),
    ])
    func aLineMaySayWhatSeparates(text: String, headerLine: Int) throws {
        for pieceBytes in [1, 2, 1_000] {
            let rows = try Self.rows(Array(text.utf8), pieceBytes: pieceBytes)
            #expect(rows.map(\.fields) == [["a,b", "c"], ["1", "2"]])
            #expect(rows.map(\.line) == [headerLine, headerLine + 1])
        }
    }

    /// What a file of one pattern makes the reader hold at once: rows of a piece, fields of a row.
    private static func held(_ pattern: String, pieces: Int) throws -> (rows: Int, fields: Int) {
        let piece = Array(String(repeating: pattern, count: 65_536 / pattern.utf8.count).utf8)
        var reader = CSVReader()
        var held = (rows: 0, fields: 0)
        for _ in 0..<pieces {
            let rows = try reader.rows(in: piece[...])
            held = (max(held.rows, rows.count), max(held.fields, rows.map(\.fields.count).max() ?? 0))
        }
        return held
    }

    @Test func whatIsHeldDoesNotGrowWithTheFile() throws {
        for pieces in [1, 16] {
            #expect(try Self.held("\n", pieces: pieces) == (0, 0))
            #expect(try Self.held("\r\n", pieces: pieces) == (0, 0))
            #expect(try Self.held(",\n", pieces: pieces) == (32_768, 2))
        }
        // Without a line end the row itself is what has a limit.
        for pattern in [",", "\"", "e\u{301}"] {
            let fault = try #require(throws: RowFault.self) { try Self.held(pattern, pieces: 2) }
            #expect(fault == RowFault(row: 1, "is longer than 65,536 bytes"))
        }
    }
}
