import TabularText
import Testing

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

    private static func fault(_ text: String) throws -> CSVFault {
        try #require(throws: CSVFault.self) { try rows(Array(text.utf8)) }
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

    @Test func rowsAndLinesAreCountedApart() throws {
        let rows = try Self.rows(Array("h\r\n\r\n\"1\n1\"\r\n2\r3".utf8))
        #expect(rows.map(\.number) == [0, 1, 2, 3])
        #expect(rows.map(\.line) == [1, 3, 5, 6])
    }

    @Test func whatIsNotCSVNamesItsLine() throws {
        #expect(
            try Self.fault("a\n1\nx\"y\n")
                == CSVFault(row: 2, line: 3, "has a quote inside of a field that does not begin with one"))
        #expect(
            try Self.fault("a\n\"1\"2\n") == CSVFault(row: 1, line: 2, "has text behind a closing quote"))
        #expect(
            try Self.fault("a\n\"1\n2\n") == CSVFault(row: 1, line: 2, "has a quote that never closes"))
        #expect(
            try Self.fault("a\n" + String(repeating: "x", count: 65_537)).reason
                == "is longer than 65,536 bytes")
        let latin = try #require(throws: CSVFault.self) {
            try Self.rows(Array("a\n1\n".utf8) + [0xE4, 0x0A])
        }
        #expect(latin == CSVFault(row: 2, line: 3, "is not UTF-8 text"))
    }

    @Test(arguments: [CSVSeparator.comma, .semicolon, .tab])
    func anyOfThreeSeparatorsStandsBetweenFields(separator: CSVSeparator) throws {
        let mark = String(decoding: [separator.rawValue], as: UTF8.self)
        var reader = CSVReader(separator: separator)
        let text = "a\(mark)\"b\(mark)c\"\(mark)\n"
        #expect(try reader.rows(in: Array(text.utf8)[...]).map(\.fields) == [["a", "b\(mark)c", ""]])
    }

    @Test(arguments: [
        ("a,b;c\n", CSVSeparator.comma), ("a;b,c\n", .semicolon), ("a\tb\n1,2", .tab),
        ("\n \r\n;", .semicolon),
        ("\"a,b\";c", .semicolon), ("a\n1;2", .comma), ("", .comma),
    ])
    func theHeaderSaysWhatSeparates(text: String, separator: CSVSeparator) {
        #expect(CSVSeparator(ofHeader: text.utf8) == separator)
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
            let fault = try #require(throws: CSVFault.self) { try Self.held(pattern, pieces: 2) }
            #expect(fault == CSVFault(row: nil, line: 1, "is longer than 65,536 bytes"))
        }
    }
}
