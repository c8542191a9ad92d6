import TabularText

/// A kind of CSV file while it is read, row by row: bars or rates.
protocol CSVFile {
    /// What a row says.
    associatedtype Line: Sendable

    /// How many figures had more decimals than are stored.
    var roundedCount: Int { get }
    /// The columns that are not read.
    var ignoredColumns: [String] { get }

    /// Reads a row; throws its first fault.
    mutating func line(_ row: CSVRow) throws(ImportFault) -> Line
}
