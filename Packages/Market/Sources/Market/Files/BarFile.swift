import ExactTypes
import TabularText

/// A file of daily bars while it is read: `Date,Open,High,Low,Close,Volume` of one symbol, or with a column
/// `Symbol` of many. A first column without a name is the date.
struct BarFile: CSVFile {
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
    private let today: CalendarDay
    private var symbolNumbers: [String: Int] = [:]
    /// The symbol's number and the day of each row: 16 bytes a row is all that is kept of a long file.
    private var seen: Set<Int64> = []

    /// Reads the header. `symbol` is given for a file without a column of that name, and only then.
    init(header: CSVRow, symbol: String?, today: CalendarDay) throws(ImportFault) {
        columns = try CSVColumns(
            header: header, required: ["Date", "Open", "High", "Low", "Close", "Volume"],
            optional: ["Symbol"],
            unnamedFirst: "Date")
        let hasSymbols = columns.contains("Symbol")
        guard hasSymbols || symbol != nil else {
            throw ImportFault(
                header, column: "Symbol", "is missing, and no symbol is given for the whole file")
        }
        guard !hasSymbols || symbol == nil else {
            throw ImportFault(
                header, column: "Symbol", "is in the file, so no symbol may be given for the whole file")
        }
        self.symbol = symbol
        self.today = today
    }

    /// Reads a row; throws its first fault.
    mutating func line(_ row: CSVRow) throws(ImportFault) -> Line {
        try columns.check(row)
        let symbol = if let symbol { symbol } else { try columns.read("Symbol", of: row, Listing.symbol) }
        let today = today
        let day = try columns.read("Date", of: row) { text throws(ParseError) in
            let day = try CalendarDay(parsing: text)
            guard day <= today else { throw ParseError(reason: "lies in the future") }
            return day
        }
        let bar = PriceBar(
            day: day, open: try figure("Open", row), high: try figure("High", row),
            low: try figure("Low", row),
            close: try figure("Close", row), volume: try figure("Volume", row))
        if let fault = bar.fault { throw ImportFault(row, column: fault.column, fault.reason) }

        let number = symbolNumbers[symbol] ?? symbolNumbers.count
        symbolNumbers[symbol] = number
        let key = Int64(number) << 32 | Int64(UInt32(bitPattern: day.daysSince1970))
        guard seen.insert(key).inserted else {
            throw ImportFault(row, column: "Date", "gives \(symbol) a second bar on \(day)")
        }
        return Line(row: row, symbol: symbol, bar: bar)
    }

    private mutating func figure(_ name: String, _ row: CSVRow) throws(ImportFault) -> FixedDecimal {
        let (value, isRounded) = try columns.read(name, of: row) { text throws(ParseError) in
            let figure = try FigureText.parse(text, scale: FixedDecimal.scale)
            guard figure.units != 0 || !figure.isRounded else { throw ParseError(reason: "is too small") }
            guard let value = try? FixedDecimal(units: figure.units) else {
                throw ParseError(reason: "is too large")
            }
            return (value, figure.isRounded)
        }
        if isRounded { roundedCount += 1 }
        return value
    }
}
