import ExactTypes
import TabularText

/// A kind of CSV file while it is read, row by row: bars or rates.
protocol ImportedRows {
    /// What a row says.
    associatedtype Line: Sendable

    /// How many figures had more decimals than are stored.
    var roundedCount: Int { get }
    /// The columns that are not read.
    var ignoredColumns: [String] { get }

    /// Takes the row's figures and its day into account, before any row is read.
    func survey(_ row: CSVRow, into survey: inout FormatSurvey)
    /// Reads a row; throws its first fault.
    mutating func line(_ row: CSVRow, _ format: TabularFormat) throws(RowFault) -> Line
}
