import ExactTypes
import SharedTypes
import TabularText

/// A file of one instrument's prices while it is read: `Date,Price`, or with a column `Close` in place of `Price`. A first
/// column without a name is the date.
struct PriceFile: ImportedRows {
    /// What the instrument cost on a day.
    struct Line: Sendable {
        let day: CalendarDay
        let price: FixedDecimal
    }

    /// How many prices had more decimals than are stored.
    private(set) var roundedCount = 0
    /// The columns that are not read.
    var ignoredColumns: [String] { columns.ignored }

    private let columns: CSVColumns
    private let priceColumn: String
    private let unit: CurrencyUnit
    private let today: CalendarDay
    private var seen: Set<CalendarDay> = []

    /// Reads the header.
    init(header: CSVRow, unit: CurrencyUnit, today: CalendarDay) throws(RowFault) {
        let names = Set(header.fields.map { $0.lowercased() })
        priceColumn = names.contains("price") || !names.contains("close") ? "Price" : "Close"
        columns = try CSVColumns(header: header, required: ["Date", priceColumn], unnamedFirst: "Date")
        self.unit = unit
        self.today = today
    }

    /// Takes the row's price and its day into account.
    func survey(_ row: CSVRow, into survey: inout FormatSurvey) {
        if let price = columns.field(priceColumn, of: row) {
            survey.addFigure(price.text, row: row.line, column: price.title)
        }
        if let day = columns.field("Date", of: row) {
            survey.addDay(day.text, row: row.line, column: day.title)
        }
    }

    /// Reads a row; throws its first fault.
    mutating func line(_ row: CSVRow, _ format: TabularFormat) throws(RowFault) -> Line {
        try columns.check(row)
        let (today, unit) = (today, unit)
        let day = try columns.read("Date", of: row) { text throws(ParseError) in
            let day = try format.days.day(text)
            guard day <= today else { throw ParseError(reason: "lies in the future") }
            return day
        }
        let figure = try columns.read(priceColumn, of: row) { text throws(ParseError) in
            let figure = try format.figures.amount(text, in: unit)
            guard figure.value.isPositive else { throw ParseError(reason: "is not above zero") }
            return figure
        }
        if figure.isRounded { roundedCount += 1 }
        guard seen.insert(day).inserted else {
            throw RowFault(row: row.line, column: "Date", "is given a second price: \(day)")
        }
        return Line(day: day, price: figure.value)
    }
}
