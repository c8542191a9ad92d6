import ExactTypes
import SharedTypes
import TabularText

@testable import Market

extension TextReader {
    static let market = [
        TextReader(text: "market-figure", "2.23519e+07", parse: { try FigureText.parse($0, scale: 8) }),
        TextReader(text: "market-source", "YAHOO", parse: { try Listing.source($0) }),
        TextReader(text: "market-exchange", "XNAS", parse: { try Listing.exchange($0) }),
        TextReader(text: "market-symbol", "GOOG", parse: { try Listing.symbol($0) }),
        TextReader("bar-file", "Date,Open,High,Low,Close,Volume\n2024-01-02,1,2,0.5,1.5,1e3\n") { bytes in
            try lines(of: bytes) { header throws(ImportFault) in
                try BarFile(header: header, symbol: "GOOG", today: .last)
            }
        },
        TextReader("rate-file", "Base,Quote,Date,Rate\nUSD,CHF,2024-01-02,0.85\n") { bytes in
            try lines(of: bytes) { header throws(ImportFault) in try RateFile(header: header, today: .last) }
        },
    ]

    /// Reads a file as an import does, in two pieces; the rows that were understood are more than none.
    private static func lines<File: CSVFile>(
        of bytes: [UInt8], open: (CSVRow) throws(ImportFault) -> File
    ) throws -> Bool {
        var reader = CSVReader()
        var rows = try reader.rows(in: bytes.prefix(bytes.count / 2))
        rows += try reader.rows(in: bytes.dropFirst(bytes.count / 2))
        rows += try reader.finish()
        guard let header = rows.first else { return false }
        var file = try open(header)
        return rows.dropFirst().count { (try? file.line($0)) != nil } > 0
    }
}
