import ContractKit
import ExactTypes
import Foundation
import NIOCore
import ServiceKit
import SharedTypes
import StrictJSON
import TabularText
import Testing

@testable import Portfolios

extension ActivityFile {
    var activities: [ImportedActivity] {
        rows.compactMap { row in
            guard case .activity(let activity) = row else { return nil }
            return activity
        }
    }

    var faults: [RowFault] {
        rows.compactMap { row in
            guard case .refused(let fault) = row else { return nil }
            return fault
        }
    }
}

extension ActivityCSV {
    static func read(_ text: String) throws -> ActivityFile { try read(ByteBuffer(string: text)) }
}

@Suite struct ActivityFileTests {
    private func ghostfolio(_ activities: String) throws -> ActivityFile {
        try GhostfolioFile.read(ByteBuffer(string: #"{"activities": [\#(activities)]}"#))
    }

    private func activity(_ changes: [String: String] = [:]) -> String {
        var members = [
            "type": #""BUY""#, "date": #""2021-09-16T00:00:00.000Z""#, "symbol": #""MSFT""#, "quantity": "5",
            "unitPrice": "298.58", "fee": "19", "currency": #""USD""#, "dataSource": #""YAHOO""#,
            "comment": "null", "accountId": "null", "tags": "[]",
        ]
        for (name, value) in changes { members[name] = value }
        return "{" + members.map { "\"\($0)\": \($1)" }.joined(separator: ", ") + "}"
    }

    @Test func theFixtureIsUnderstoodWhole() throws {
        let file = try GhostfolioFile.read(ByteBuffer(string: try FixtureFile.ghostfolio()))
        #expect(file.faults.isEmpty)
        #expect(file.activities.count == 22)
        let fee = file.activities[4]
        #expect(fee.type == .fee && fee.grossAmount == FixedDecimal(12) && fee.fee.isZero)
        #expect(fee.listing == nil && fee.note == "Custody fee")
        #expect(file.activities[8].grossAmount == FixedDecimal(1_800))
    }

    @Test(
        arguments: [
            (["quantity": "-1"], "quantity"), (["quantity": "0"], "quantity"),
            (["quantity": "1e400"], "quantity"),
            (["unitPrice": #""x""#], "unitPrice"), (["fee": "true"], "fee"),
            (["currency": #""XXQ""#], "currency"),
            (["date": #""2021-02-30""#], "date"), (["type": #""LIABILITY""#], "type"),
            (["type": #""GIFT""#], "type"),
            (["symbol": #""""#], "symbol"), (["dataSource": #""a b""#], "dataSource"),
            (["comment": "\"\\u0000\""], "comment"),
            (["type": #""DIVIDEND""#, "unitPrice": "0"], "unitPrice"),
            (["type": #""FEE""#, "fee": "0", "quantity": "0"], "fee"),
        ] as [([String: String], String)])
    func aRefusedRowIsNamedWithItsField(changes: [String: String], field: String) throws {
        let file = try ghostfolio(activity() + "," + activity(changes))
        #expect(file.activities.count == 1)
        #expect(file.faults.map(\.row) == [2])
        #expect(file.faults.first?.column == field)
        #expect(file.faults.first?.reason.hasPrefix("activities") == false)
    }

    @Test func penceBecomePounds() throws {
        let file = try ghostfolio(activity(["currency": #""GBp""#, "unitPrice": "10875.5", "fee": "300"]))
        #expect(file.activities.first?.unitPrice == (try FixedDecimal("108.755")))
        #expect(file.activities.first?.fee == FixedDecimal(3))
        #expect(file.activities.first?.currency == .gbp)
    }

    @Test func equalRowsAreTwoActivitiesAndTheSameFileGivesTheSameIDs() throws {
        let rows = [activity(), activity(), activity(["comment": #""Again""#]), activity(["quantity": "6"])]
        let file = try ghostfolio(rows.joined(separator: ","))
        let ids = ImportedActivity.externalIDs(file.activities)
        #expect(Set(ids).count == 4)
        #expect(ids == ImportedActivity.externalIDs(try ghostfolio(rows.joined(separator: ",")).activities))
        // A note is a person's word, and changing it makes no new activity.
        let renamed = try ghostfolio([rows[2], rows[0], rows[1], rows[3]].joined(separator: ","))
        #expect(Set(ids) == Set(ImportedActivity.externalIDs(renamed.activities)))
        let named = try ghostfolio(activity(["id": #""abc""#]))
        #expect(ImportedActivity.externalIDs(named.activities) == ["abc"])
    }

    /// A purchase of a pound's worth, quoted in pence: price, fee and total are kept in pounds, and fit each other.
    @Test(arguments: ["GBp", "GBX"])
    func penceOfAPlainFileBecomePounds(code: String) throws {
        let file = try ActivityCSV.read(
            """
            date;type;symbol;quantity;price;fee;amount;currency
            2024-06-06;buy;VOD;1.000;65,5;300;65.500;\(code)
            2024-06-06;buy;VOD;1.000;65,5p;£3;£655;\(code)
            """)
        #expect(file.faults.isEmpty, "\(file.faults)")
        for activity in file.activities {
            #expect(activity.unitPrice == (try FixedDecimal("0.655")) && activity.fee == FixedDecimal(3))
            #expect(activity.grossAmount == FixedDecimal(655) && activity.currency == .gbp)
        }
    }

    /// portfolio-performance/portfolio#2945 and tresorone/tresor-import#2253: what people's spreadsheets make of a file.
    @Test func aFileOfASpreadsheetIsUnderstood() throws {
        let text =
            "sep=;\r\nDatum;Date;Type;Symbol;Qty;Price;Fees;Currency;Note\r\n"
            + "x;13.09.2021 15:30;Buy;BALN.SW;1’250;CHF 142,90;1.234,50-;CHF;\"f\u{FC}r\r\nmich\"\r\n"
            + "x;01.02.2021;Buy;BALN.SW;2;142,90 CHF;(1,5);CHF;\r\n"
            + "x;01.02.2021;Sell;BALN.SW;1.000;142,90;1,5;CHF;\r\n"
        let bytes = text.unicodeScalars.flatMap { scalar -> [UInt8] in
            scalar.value == 0x2019 ? [0x92] : [UInt8(truncatingIfNeeded: scalar.value)]
        }
        let zurich = try StatedFormat(zone: IANATimeZone(parsing: "Europe/Zurich"))
        let file = try ActivityCSV.read(ByteBuffer(bytes: bytes), stated: zurich)
        #expect(file.faults.map(\.row) == [3, 5] && file.faults.map(\.column) == ["Fees", "Fees"])
        #expect(file.faults.allSatisfy { $0.reason == "must not be negative" })
        let sale = try #require(file.activities.first)
        #expect(sale.row == 6 && sale.quantity == FixedDecimal(1_000))
        #expect(sale.executedAt.rfc3339 == "2021-01-31T23:00:00.000000Z")
        #expect(file.ignored == ["Datum"])
        let positive = ByteBuffer(
            bytes: Array(bytes.map { $0 == UInt8(ascii: "-") ? UInt8(ascii: " ") : $0 }))
        let first = try #require(try ActivityCSV.read(positive, stated: zurich).activities.first)
        #expect(try first.quantity == FixedDecimal(1_250) && first.unitPrice == FixedDecimal("142.9"))
        #expect(try first.fee == FixedDecimal("1234.5") && first.note == "für\r\nmich")
        #expect(first.executedAt.rfc3339 == "2021-09-13T13:30:00.000000Z")
    }

    @Test func theHashIsFNV1a() {
        // From the reference vectors of the algorithm.
        #expect(ContentHash("").description == "6c62272e07bb014262b821756295c58d")
        #expect(ContentHash("a").description == "d228cb696f1a8caf78912b704e4a8964")
    }

    @Test func aFileThatIsNoExportIsRefusedAsAWhole() {
        for text in ["[]", "{"] {
            #expect(throws: Problem.self) { try GhostfolioFile.read(ByteBuffer(string: text)) }
        }
        for (text, field) in [
            ("{}", "activities"), (#"{"activities": {}}"#, "activities"),
            (#"{"activities": [1]}"#, "activities[0]"),
        ] {
            #expect {
                try GhostfolioFile.read(ByteBuffer(string: text))
            } throws: {
                ($0 as? FieldError)?.field == field
            }
        }
    }

    @Test func aCSVWithEveryTypeAndManyNamesIsUnderstood() throws {
        let file = try ActivityCSV.read(try FixtureFile.csv())
        #expect(file.faults.isEmpty, "\(file.faults)")
        #expect(Set(file.activities.map(\.type)) == Set(TransactionType.allCases))
        #expect(file.ignored == ["Broker reference"])
        #expect(file.activities[0].note == "Opening, with a comma")
        #expect(file.activities[11].grossAmount == (try FixedDecimal("9.99")))
        #expect(file.activities[6].split == .init(to: 4, from: 1))
    }

    @Test func anAmountThatIsNotQuantityTimesPriceIsRefused() throws {
        let file = try ActivityCSV.read(
            """
            date,type,symbol,quantity,price,commission,amount,currency
            2021-01-04,buy,A,10,100,5,1005,USD
            2021-01-04,buy,A,3,33.33,0,100,USD
            """)
        #expect(file.faults.map(\.column) == ["amount"] && file.faults.map(\.row) == [2])
        #expect(file.activities.map(\.grossAmount) == [FixedDecimal(100)])
    }

    @Test func inAFileWithDecimalCommasAPointSeparatesThousands() throws {
        let file = try ActivityCSV.read(
            """
            date;type;symbol;quantity;price;currency
            2021-01-04;buy;A;1.000;12,50;EUR
            """)
        #expect(file.activities.first?.quantity == FixedDecimal(1_000))
        #expect(file.activities.first?.grossAmount == FixedDecimal(12_500))
    }

    @Test func anExportsOwnIDIsTheSameInCapitals() {
        let id = "018F0000-0000-7000-8000-00000000000A"
        func activity(_ fileID: String) -> ImportedActivity {
            ImportedActivity(
                row: 1, type: .deposit, listing: nil, name: nil, quantity: nil, unitPrice: nil,
                grossAmount: FixedDecimal(1), fee: .zero, currency: .usd,
                executedAt: Date(timeIntervalSince1970: 0), split: nil, note: nil, fileID: fileID)
        }
        #expect(
            ImportedActivity.externalIDs([activity(id)])
                == ImportedActivity.externalIDs([activity(id.lowercased())]))
    }

    @Test func semicolonsAndDecimalCommasAreRead() throws {
        let file = try ActivityCSV.read(
            "\u{FEFF}date;type;symbol;quantity;price;fee;currency\r\n2021-11-22;BUY;BALN.SW;2;142,9;1,55;CHF\r\n\r\n"
        )
        #expect(file.activities.first?.unitPrice == (try FixedDecimal("142.9")))
        #expect(file.rows.count == 1)
    }

    @Test(
        arguments: [
            ("2021-11-22,buy,BALN,2,x,1,CHF", "price"), ("2021-11-22,gift,BALN,2,1,1,CHF", "type"),
            ("2021-13-22,buy,BALN,2,1,1,CHF", "date"), ("2021-11-22,buy,BALN,2,1,1,FRA", "currency"),
            ("2021-11-22,buy,BALN,-2,1,1,CHF", "quantity"), ("2021-11-22,buy,BALN,2,1,1,CHF,more", nil),
            (",buy,BALN,2,1,1,CHF", "date"), ("2021-11-22,buy,BALN,2,1,-1,CHF", "fee"),
        ] as [(String, String?)])
    func aRefusedLineIsNamedWithItsColumn(line: String, column: String?) throws {
        let good = "2021-11-22,buy,BALN,2,1,1,CHF"
        let file = try ActivityCSV.read(
            "date,type,symbol,quantity,price,fee,currency\n\(good)\n\n\(line)\n\(good)\n")
        // As an editor counts: the header is line 1, and the empty line is one too.
        #expect(file.faults.map(\.row) == [4])
        #expect(file.faults.map(\.column) == [column])
        #expect(file.activities.map(\.row) == [2, 5])
    }

    @Test(arguments: [
        ("date,type,symbol\n", RowFault(row: 1, column: "currency", "is missing in the header")),
        (
            "\ndate,type,currency,ccy\n",
            RowFault(row: 2, column: "currency", "is the meaning of two columns of the header")
        ),
        ("", RowFault(column: "date", "is missing in the header")),
        (
            "date,type,currency,note\n2021-11-22,buy,CHF,\"open\n2021-11-22,buy,CHF,\n",
            RowFault(row: 2, "has a quote that never closes")
        ),
    ])
    func aFileWithoutASoundHeaderIsRefused(text: String, fault: RowFault) {
        #expect(throws: RefusedRows([fault])) { try ActivityCSV.read(text) }
    }

    @Test func linesInWhichNothingStandsAreNoRows() throws {
        let blank = String(repeating: "\n,,,\n , \r\n\t,\"\", ,\n", count: 10_000)
        let file = try ActivityCSV.read(
            "date,type,currency,amount\(blank)2021-01-04,deposit,USD,1\n\(blank)2021-01-05,gift,USD,1")
        // Four lines for each of 10,000; the first begins on the header's.
        #expect(file.activities.map(\.row) == [40_001])
        #expect(file.faults.map(\.row) == [80_002])
    }

    @Test func rowsBeyondTheLimitAreNotRead() throws {
        // What stands well behind the row that is too much is no CSV, and is not looked at.
        let row = "2021-01-04,deposit,USD,1\n"
        let limit = String(repeating: row, count: ActivityFile.maximumRows)
        #expect(try ActivityCSV.read("date,type,currency,amount\n" + limit).rows.count == 20_000)
        #expect(
            throws: RefusedRows([RowFault(row: 20_002, "is one too many: a file has at most 20000 rows")])
        ) {
            try ActivityCSV.read("date,type,currency,amount\n" + limit + limit + "a\"b\n")
        }
    }

    @Test func aRowThatIsTooLongIsRefusedWithItsLine() throws {
        for text in ["\"", ",", "x", "\"\""] {
            let long = String(repeating: text, count: 70_000)
            #expect(throws: RefusedRows([RowFault(row: 3, "is longer than 65,536 bytes")])) {
                try ActivityCSV.read("date,type,currency\n\n\(long)")
            }
        }
    }

    @Test func readingEndsWhereNobodyWaits() throws {
        struct Gone: Error {}
        // Also in a file of empty lines, and of lines in which nothing stands.
        for text in [
            try FixtureFile.csv(), String(repeating: "\n", count: 300_000),
            String(repeating: ",\n", count: 99_000),
        ] {
            var asked = 0
            #expect(throws: Gone.self) {
                try ActivityCSV.read(ByteBuffer(string: text)) {
                    asked += 1
                    if asked == 3 { throw Gone() }
                }
            }
            #expect(asked == 3)
        }
    }
}
