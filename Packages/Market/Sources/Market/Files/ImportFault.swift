import TabularText

/// One thing that is wrong with a file, told so that a person finds the place.
struct ImportFault: Error, Sendable, Hashable {
    /// How many faults of one file are told; after so many, reading ends.
    static let limit = 20

    /// The row below the header, the first being 1; nil where the file itself or its header is at fault.
    let row: Int?
    /// The line of the file, the first being 1.
    let line: Int
    /// The column's name as the header has it; nil where the whole row is at fault.
    let column: String?
    /// A sentence fragment that goes on after the column's name: "is not a date like 2021-02-28".
    let reason: String

    init(_ row: CSVRow, column: String? = nil, _ reason: String) {
        self.init(row: row.number == 0 ? nil : row.number, line: row.line, column: column, reason)
    }

    init(_ fault: CSVFault) { self.init(row: fault.row, line: fault.line, fault.reason) }

    init(row: Int? = nil, line: Int, column: String? = nil, _ reason: String) {
        self.row = row
        self.line = line
        self.column = column
        self.reason = reason
    }
}

extension ImportFault: CustomStringConvertible {
    /// "Row 19 (line 20), column High: is below the close."
    var description: String {
        let place = row.map { "Row \($0) (line \(line))" } ?? "Line \(line)"
        return place + (column.map { ", column \($0)" } ?? "") + ": \(reason)."
    }
}
