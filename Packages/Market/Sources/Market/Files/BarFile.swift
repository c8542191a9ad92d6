import ExactTypes
import SharedTypes
import TabularText

/// A file of daily bars while it is read: `Date,Open,High,Low,Close,Volume` of one symbol, or with a column
/// `Symbol` of many. A first column without a name is the date.
struct BarFile: ImportedRows {
    /// A bar and the row that it came from.
    struct Line: Sendable {
        let row: CSVRow
        let symbol: String
        let bar: PriceBar
    }

    /// How many figures had more decimals than are stored.
    private(set) var roundedCount = 0
    /// The columns that are not read.
    var ignoredColumns: [String] { columns.ignored }

    private let columns: CSVColumns
    private let symbol: String?
    /// What prices are counted in; nil where the import does not say.
    private let unit: CurrencyUnit?
    private let today: CalendarDay
    private var symbolNumbers: [String: Int] = [:]
    /// The symbol's number and the day of each row: 16 bytes a row is all that is kept of a long file.
    private var seen: Set<Int64> = []

    /// Reads the header. `symbol` is given for a file without a column of that name, and only then.
    init(
        header: CSVRow, symbol: String?, unit: CurrencyUnit? = nil, today: CalendarDay
    ) throws(RowFault) {
        columns = try CSVColumns(
            header: header, required: ["Date", "Open", "High", "Low", "Close", "Volume"],
            optional: ["Symbol"],
            unnamedFirst: "Date")
        let hasSymbols = columns.contains("Symbol")
        guard hasSymbols || symbol != nil else {
            throw RowFault(
                row: header.line, column: "Symbol", "is missing, and no symbol is given for the whole file")
        }
        guard !hasSymbols || symbol == nil else {
            throw RowFault(
                row: header.line, column: "Symbol",
                "is in the file, so no symbol may be given for the whole file"
            )
        }
        self.symbol = symbol
        self.unit = unit
        self.today = today
    }

    private static let figures = ["Open", "High", "Low", "Close", "Volume"]

    /// Takes the row's figures and its day into account.
    func survey(_ row: CSVRow, into survey: inout FormatSurvey) {
        for name in Self.figures {
            guard let field = columns.field(name, of: row) else { continue }
            survey.addFigure(field.text, row: row.line, column: field.title)
        }
        guard let day = columns.field("Date", of: row) else { return }
        survey.addDay(day.text, row: row.line, column: day.title)
    }

    /// Reads a row; throws its first fault.
    mutating func line(_ row: CSVRow, _ format: TabularFormat) throws(RowFault) -> Line {
        try columns.check(row)
        let symbol = if let symbol { symbol } else { try columns.read("Symbol", of: row, ListingText.symbol) }
        let today = today
        let day = try columns.read("Date", of: row) { text throws(ParseError) in
            let day = try format.days.day(text)
            guard day <= today else { throw ParseError(reason: "lies in the future") }
            return day
        }
        let bar = PriceBar(
            day: day, open: try price("Open", row, format), high: try price("High", row, format),
            low: try price("Low", row, format), close: try price("Close", row, format),
            volume: try counted(columns.read("Volume", of: row, format.figures.number)))
        if let fault = bar.fault { throw RowFault(row: row.line, column: fault.column, fault.reason) }

        let number = symbolNumbers[symbol] ?? symbolNumbers.count
        symbolNumbers[symbol] = number
        let key = Int64(number) << 32 | Int64(UInt32(bitPattern: day.daysSince1970))
        guard seen.insert(key).inserted else {
            throw RowFault(row: row.line, column: "Date", "gives \(symbol) a second bar on \(day)")
        }
        return Line(row: row, symbol: symbol, bar: bar)
    }

    private mutating func price(
        _ name: String, _ row: CSVRow, _ format: TabularFormat
    ) throws(RowFault) -> FixedDecimal {
        let unit = unit
        return counted(
            try columns.read(name, of: row) { text throws(ParseError) in
                try format.figures.amount(text, in: unit)
            })
    }

    private mutating func counted(_ figure: Figure) -> FixedDecimal {
        if figure.isRounded { roundedCount += 1 }
        return figure.value
    }
}
