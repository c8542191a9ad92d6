import ExactTypes
import Testing

@testable import Market
@testable import TabularText

@Suite struct BarFileTests {
    private static let header = ["Date", "Open", "High", "Low", "Close", "Volume"]
    private static let good = ["2004-08-19", "100", "104.06", "95.96", "100.34", "22351900"]

    private static func row(_ number: Int, _ fields: [String]) -> CSVRow {
        CSVRow(line: number + 1, fields: fields)
    }

    private static func file(
        _ header: [String] = header, symbol: String? = "GOOG", unit: CurrencyUnit? = nil
    ) throws -> BarFile {
        try BarFile(
            header: row(0, header), symbol: symbol, unit: unit, today: try CalendarDay(parsing: "2024-06-28"))
    }

    private static func fault(_ fields: [String]) throws -> RowFault {
        var file = try file()
        return try #require(throws: RowFault.self) { try file.line(row(19, fields), .plain) }
    }

    @Test(arguments: [
        header, ["", "Open", "High", "Low", "Close", "Volume"],
        ["DATE", "open", "HIGH", "low", "Close", "volume"],
    ])
    func aBarIsReadExactly(header: [String]) throws {
        var file = try Self.file(header)
        let line = try file.line(Self.row(1, Self.good), .plain)
        #expect(line.symbol == "GOOG")
        #expect(
            line.bar
                == PriceBar(
                    day: try CalendarDay(parsing: "2004-08-19"), open: try FixedDecimal(parsing: "100"),
                    high: try FixedDecimal(parsing: "104.06"), low: try FixedDecimal(parsing: "95.96"),
                    close: try FixedDecimal(parsing: "100.34"), volume: try FixedDecimal(parsing: "22351900"))
        )
        #expect(file.roundedCount == 0)
        #expect(file.ignoredColumns == [])
    }

    @Test func columnsStandInAnyOrderAndOthersAreIgnored() throws {
        var file = try Self.file(
            ["Symbol", "Volume", "Adj Close", "Close", "Low", "High", "Open", "Date"], symbol: nil)
        let line = try file.line(Self.row(1, ["BRK-B", "5", "x", "3", "1", "4", "2", "2024-06-28"]), .plain)
        #expect(line.symbol == "BRK-B")
        #expect(line.bar.open == FixedDecimal(2))
        #expect(line.bar.close == FixedDecimal(3))
        #expect(file.ignoredColumns == ["Adj Close"])
    }

    @Test func moreDecimalsAreRoundedAndCounted() throws {
        var file = try Self.file()
        let line = try file.line(
            Self.row(
                1,
                [
                    "2004-08-19", "100", "104.0599975585938000049", "95.96", "100.3399963378906000005",
                    "2.23519e+07",
                ]), .plain)
        #expect(line.bar.high == (try FixedDecimal(parsing: "104.059997558593800005")))
        #expect(line.bar.close == (try FixedDecimal(parsing: "100.3399963378906")))
        #expect(line.bar.volume == (try FixedDecimal(parsing: "22351900")))
        #expect(file.roundedCount == 2)
    }

    @Test(arguments: [
        (0, "2004-02-30", "Date", "is not a day of the calendar"),
        (0, "19/08/2004", "Date", "is not a date like 2021-02-28, nor a time like 2021-02-28T13:30:00Z"),
        (0, "2024-06-29", "Date", "lies in the future"),
        (1, "", "Open", "is empty"), (1, "abc", "Open", "is not a number"),
        (1, "0", "Open", "is not above zero"),
        (1, "95", "Low", "is above the open"), (1, "105", "High", "is below the open"),
        (2, "1e400", "High", "is too large"), (2, "100000000000000000000", "High", "is too large"),
        (1, "1e-19", "Open", "is too small"),
        (2, "97", "High", "is below the open"), (3, "101", "Low", "is above the open"),
        (3, "-95", "Low", "is not above zero"), (4, "95", "Low", "is above the close"),
        (4, "105", "High", "is below the close"), (5, "-1", "Volume", "is below zero"),
        (5, "", "Volume", "is empty"),
    ])
    func aFaultNamesRowLineAndColumn(position: Int, text: String, column: String, reason: String) throws {
        var fields = Self.good
        fields[position] = text
        #expect(try Self.fault(fields) == RowFault(row: 20, column: column, reason))
    }

    /// A volume of twelve digits, a coin quoted at ten decimals, and one counted in trillions.
    @Test func figuresOfManyDigitsAreKept() throws {
        var file = try Self.file()
        let line = try file.line(
            Self.row(
                1, ["2024-01-02", "0.0000000074", "0.0000000075", "0.0000000073", "7.4e-9", "123456789012"]),
            .plain)
        #expect(line.bar.open == line.bar.close)
        #expect(line.bar.close.description == "0.0000000074")
        #expect(line.bar.volume.description == "123456789012")
        let coin = try file.line(
            Self.row(2, ["2024-01-03", "2", "3", "1", "2", "9123456789012345.678901234567890123"]), .plain)
        #expect(coin.bar.volume.description == "9123456789012345.678901234567890123")
        #expect(file.roundedCount == 0)
    }

    @Test func aRowOfAnotherLengthIsRefused() throws {
        let fault = try Self.fault(Array(Self.good.dropLast()))
        #expect(fault == RowFault(row: 20, "has 5 fields where the header has 6"))
        #expect(fault.description == "Row 20: has 5 fields where the header has 6.")
    }

    @Test func aDayMayBeGivenOnceForEachSymbol() throws {
        var file = try Self.file(["Symbol"] + Self.header, symbol: nil)
        _ = try file.line(Self.row(1, ["GOOG"] + Self.good), .plain)
        _ = try file.line(Self.row(2, ["goog"] + Self.good), .plain)
        #expect(throws: RowFault(row: 4, column: "Date", "gives GOOG a second bar on 2004-08-19")) {
            try file.line(Self.row(3, ["GOOG"] + Self.good), .plain)
        }
    }

    @Test(
        arguments: [
            (["Date", "Open", "High", "Low", "Close"], "GOOG", "Volume", "is missing in the header"),
            (header + ["open"], "GOOG", "open", "is there twice"),
            (header, nil, "Symbol", "is missing, and no symbol is given for the whole file"),
            (
                ["Symbol"] + header, "GOOG", "Symbol",
                "is in the file, so no symbol may be given for the whole file"
            ),
            (
                ["Symbol", "", "Open", "High", "Low", "Close", "Volume"], nil, "Date",
                "is missing in the header"
            ),
        ] as [([String], String?, String, String)])
    func aHeaderThatDoesNotDoIsRefused(header: [String], symbol: String?, column: String, reason: String) {
        #expect(throws: RowFault(row: 1, column: column, reason)) {
            try Self.file(header, symbol: symbol)
        }
    }

    @Test(arguments: ["", String(repeating: "x", count: 101), "A\u{0}B", "A\nB"])
    func aSymbolThatCannotBeIsRefused(symbol: String) throws {
        var file = try Self.file(["Symbol"] + Self.header, symbol: nil)
        let fault = try #require(throws: RowFault.self) {
            try file.line(Self.row(1, [symbol] + Self.good), .plain)
        }
        #expect(fault.column == "Symbol")
    }

    /// Prices in pence are kept in pounds; a volume is none.
    @Test func pricesOfAPartOfACurrencyAreKeptInTheCurrency() throws {
        var file = try Self.file(unit: CurrencyUnit(parsing: "GBp"))
        let line = try file.line(
            Self.row(1, ["2024-06-06", "70", "71.5", "£0.69", "70p", "1,000"]), .plain)
        #expect(line.bar.open.description == "0.7" && line.bar.high.description == "0.715")
        #expect(line.bar.low.description == "0.69" && line.bar.close.description == "0.7")
        #expect(line.bar.volume.description == "1000")
        #expect(
            throws: RowFault(row: 3, column: "Open", "has € beside it, and is in GBP")
        ) {
            try file.line(Self.row(2, ["2024-06-07", "€70", "71", "69", "70", "1"]), .plain)
        }
    }
}
