import ExactTypes
import Foundation
import GroveTesting
import NIOCore
import SharedTypes
import Testing

@testable import Portfolios

@Suite struct ActivityCSVWritingTests {
    private static func activity(_ symbol: String, _ name: String, _ note: String) -> ExportedActivity {
        ExportedActivity(
            entry: LedgerTransaction(
                id: Transaction.ID(UUID()), type: .buy, instrumentID: Instrument.ID(UUID()),
                quantity: FixedDecimal(2), unitPrice: FixedDecimal(5), grossAmount: FixedDecimal(10),
                currency: .usd, executedAt: Date(timeIntervalSince1970: 1_600_000_000)),
            listing: ActivityListing(source: "MANUAL", exchange: "", symbol: symbol), name: name, note: note)
    }

    /// What an export becomes when it is imported and exported again.
    private static func again(_ text: String) throws -> String {
        let file = try ActivityCSV.read(text)
        #expect(file.faults.isEmpty, "\(file.faults)")
        return ActivityCSV.write(
            try file.activities.map { activity in
                let id = try #require(activity.fileID.flatMap { Transaction.ID($0) })
                return ExportedActivity(
                    entry: try activity.entry(id: id, instrumentID: Instrument.ID(UUID())),
                    listing: activity.listing, name: activity.name, note: activity.note)
            })
    }

    @Test(arguments: [
        ("=1+1", "'=1+1"), ("@SUM(1+1)*cmd|x", "'@SUM(1+1)*cmd|x"), ("+1", "'+1"), ("-1+1", "'-1+1"),
        ("\t=1", "'\t=1"), ("\r=1", "'\r=1"), ("＝1", "'＝1"), ("-", "'-"),
        // What a person wrote with an apostrophe of their own comes back with it.
        ("'=1", "''=1"), ("''=1", "'''=1"), ("''x", "''x"), ("'", "'"),
        // Numbers stay numbers.
        ("-1", "-1"), ("-1.5e-7", "-1.5e-7"), ("'-1", "'-1"), ("a=1", "a=1"), ("", ""),
    ])
    func aFieldThatIsAFormulaIsMarkedAndReadBack(field: String, written: String) {
        #expect(ActivityCSV.withFormulaMark(field) == written)
        #expect(ActivityCSV.withoutFormulaMark(written) == field)
    }

    @Test func anExportThatIsImportedAndExportedAgainIsTheSameBytes() throws {
        var random = SeededGenerator(seed: 20)
        let parts = [
            "=", "+", "-", "@", "'", "''", "x", "1", "\"", ",", ";", " ", "(", "é", "\t", "\n", "HYPERLINK",
        ]
        func text(lines: Bool) -> String {
            let text = (1...Int.random(in: 1...8, using: &random)).map { _ in
                parts.randomElement(using: &random) ?? ""
            }.joined()
            let shown = lines ? text : text.filter { !"\t\n".contains($0) }
            let trimmed = shown.trimmingCharacters(in: .whitespacesAndNewlines)
            return trimmed.isEmpty ? "x" : trimmed
        }
        for _ in 0..<200 {
            let activities = (0..<5).map { _ in
                Self.activity(text(lines: false), text(lines: false), text(lines: true))
            }
            let export = ActivityCSV.write(activities)
            #expect(try Self.again(export) == export)
            let imported = try ActivityCSV.read(export).activities
            #expect(imported.map(\.note) == activities.map(\.note))
            #expect(imported.map(\.name) == activities.map(\.name))
            #expect(imported.map(\.listing?.symbol) == activities.map(\.listing?.symbol))
        }
    }

    @Test func noFieldOfAnExportRunsInASpreadsheet() throws {
        let hostile = Self.activity("=1+1", "@SUM(1+1)*cmd|x", "=HYPERLINK(\"http://evil.example\")")
        let fields = ActivityCSV.write([hostile]).replacing("\r\n", with: ",").split(separator: ",")
        #expect(fields.count > 20)
        // As OWASP lists what begins a formula; a quote is the file's own.
        #expect(
            !fields.map { $0.drop { $0 == "\"" } }.contains {
                "=+-@\t\r".contains($0.prefix(1)) && !$0.isEmpty
            })
    }
}
