import ExactTypes
import SharedTypes
import TabularText

/// A file of exchange rates while it is read: `Base,Quote,Date,Rate`, one unit of the base buying `Rate` units of
/// the quote.
struct RateFile: CSVFile {
    /// How many rates had more decimals than are stored.
    private(set) var roundedCount = 0
    /// The columns that are not read.
    var ignoredColumns: [String] { columns.ignored }

    private let columns: CSVColumns
    private let today: CalendarDay
    private var pairNumbers: [String: Int] = [:]
    private var seen: Set<Int64> = []

    /// Reads the header.
    init(header: CSVRow, today: CalendarDay) throws(ImportFault) {
        columns = try CSVColumns(header: header, required: ["Base", "Quote", "Date", "Rate"])
        self.today = today
    }

    /// Reads a row; throws its first fault.
    mutating func line(_ row: CSVRow) throws(ImportFault) -> ExchangeRateTable.Entry {
        try columns.check(row)
        let base = try columns.read("Base", of: row, Currency.init(parsing:))
        let quote = try columns.read("Quote", of: row, Currency.init(parsing:))
        guard base != quote else { throw ImportFault(row, column: "Quote", "is the base itself") }
        let today = today
        let day = try columns.read("Date", of: row) { text throws(ParseError) in
            let day = try CalendarDay(parsing: text)
            guard day <= today else { throw ParseError(reason: "lies in the future") }
            return day
        }
        let (rate, isRounded) = try columns.read("Rate", of: row) { text throws(ParseError) in
            let figure = try FigureText.parse(text, scale: ExchangeRate.scale)
            guard figure.units > 0 else {
                throw ParseError(reason: figure.isRounded ? "is too small" : "is not above zero")
            }
            guard let rate = try? ExchangeRate(units: figure.units) else {
                throw ParseError(reason: "is too large")
            }
            return (rate, figure.isRounded)
        }
        if isRounded { roundedCount += 1 }

        let pair = base.code + quote.code
        let number = pairNumbers[pair] ?? pairNumbers.count
        pairNumbers[pair] = number
        let key = Int64(number) << 32 | Int64(UInt32(bitPattern: day.daysSince1970))
        guard seen.insert(key).inserted else {
            throw ImportFault(row, column: "Date", "gives \(base) to \(quote) a second rate on \(day)")
        }
        return ExchangeRateTable.Entry(base: base, quote: quote, day: day, rate: rate)
    }
}
