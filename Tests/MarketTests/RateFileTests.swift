import ExactTypes
import SharedTypes
import Testing

@testable import Market
@testable import TabularText

@Suite struct RateFileTests {
    private static func row(_ number: Int, _ fields: [String]) -> CSVRow {
        CSVRow(line: number + 1, fields: fields)
    }

    private static func file() throws -> RateFile {
        try RateFile(
            header: row(0, ["Base", "Quote", "Date", "Rate"]), today: try CalendarDay(parsing: "2024-06-28"))
    }

    @Test func aRateIsReadExactly() throws {
        var file = try Self.file()
        let entry = try file.line(Self.row(1, ["EUR", "USD", "2024-06-28", "1.0713"]), .plain)
        #expect(
            entry
                == ExchangeRateTable.Entry(
                    base: .eur, quote: .usd, day: try CalendarDay(parsing: "2024-06-28"),
                    rate: try ExchangeRate(parsing: "1.0713")))
        #expect(file.roundedCount == 0)
        #expect(
            try file.line(Self.row(2, ["USD", "EUR", "2024-06-28", "0.93344535"]), .plain).rate.description
                == "0.93344535")
    }

    @Test func moreThanTwelveDecimalsAreRoundedAndCounted() throws {
        var file = try Self.file()
        let entry = try file.line(Self.row(1, ["JPY", "USD", "2024-06-28", "0.00621697150000051"]), .plain)
        #expect(entry.rate == (try ExchangeRate(parsing: "0.006216971500")))
        #expect(file.roundedCount == 1)
    }

    @Test(arguments: [
        (0, "XXQ", "Base", "is not an ISO 4217 currency code"),
        (1, "usd", "Quote", "is not an ISO 4217 currency code"),
        (1, "EUR", "Quote", "is the base itself"), (2, "2024-06-31", "Date", "is not a day of the calendar"),
        (2, "2024-06-29", "Date", "lies in the future"), (3, "0", "Rate", "is not above zero"),
        (3, "-1", "Rate", "is not above zero"), (3, "0.0000000000001", "Rate", "is too small"),
        (3, "1e12", "Rate", "is too large"), (3, "1,07", "Rate", "is not a number with a decimal point"),
    ])
    func aFaultNamesRowLineAndColumn(position: Int, text: String, column: String, reason: String) throws {
        var fields = ["EUR", "USD", "2024-06-28", "1.07"]
        fields[position] = text
        var file = try Self.file()
        #expect(throws: RowFault(row: 8, column: column, reason)) {
            try file.line(Self.row(7, fields), .plain)
        }
    }

    @Test func aDayMayBeGivenOnceForEachPair() throws {
        var file = try Self.file()
        _ = try file.line(Self.row(1, ["EUR", "USD", "2024-06-28", "1.07"]), .plain)
        _ = try file.line(Self.row(2, ["USD", "EUR", "2024-06-28", "0.93"]), .plain)
        #expect(
            throws: RowFault(
                row: 4, column: "Date", "gives EUR to USD a second rate on 2024-06-28")
        ) {
            try file.line(Self.row(3, ["EUR", "USD", "2024-06-28", "1.08"]), .plain)
        }
    }

    /// A pound is a hundred pence, and so a dollar that buys 78.74 pence buys 0.7874 pounds.
    @Test(arguments: [
        ("GBX", "USD", "0.0127", "GBP", "1.27"), ("USD", "GBp", "78.74", "USD", "0.7874"),
        ("ZAc", "GBX", "0.0421", "ZAR", "0.0421"),
    ])
    func aRateOfPenceIsKeptAsThatOfThePound(
        base: String, quote: String, rate: String, kept: String, keptRate: String
    ) throws {
        var file = try Self.file()
        let entry = try file.line(Self.row(1, [base, quote, "2024-06-28", rate]), .plain)
        #expect(entry.base.code == kept && entry.rate.description == keptRate)
        #expect(throws: RowFault(row: 3, column: "Quote", "is the base itself")) {
            try file.line(Self.row(2, ["GBX", "GBP", "2024-06-28", "0.01"]), .plain)
        }
    }
}
