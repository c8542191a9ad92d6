import Testing

@testable import Market

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

    private static func fault(_ text: String) throws -> ImportFault {
        try #require(throws: ImportFault.self) { try rows(Array(text.utf8)) }
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
                == ImportFault(row: 2, line: 3, "has a quote inside of a field that does not begin with one"))
        #expect(
            try Self.fault("a\n\"1\"2\n") == ImportFault(row: 1, line: 2, "has text behind a closing quote"))
        #expect(
            try Self.fault("a\n\"1\n2\n") == ImportFault(row: 1, line: 2, "has a quote that never closes"))
        #expect(
            try Self.fault("a\n" + String(repeating: "x", count: 65_537)).reason
                == "is longer than 65,536 bytes")
        let latin = try #require(throws: ImportFault.self) {
            try Self.rows(Array("a\n1\n".utf8) + [0xE4, 0x0A])
        }
        #expect(latin == ImportFault(row: 2, line: 3, "is not UTF-8 text"))
    }
}
