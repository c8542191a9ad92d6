import ExactTypes
import SharedTypes
import TabularText

/// A file of exchange rates while it is read: `Base,Quote,Date,Rate`, one unit of the base buying `Rate`
/// units of the quote. A rate of pence, or between them, is kept as that of the pound.
struct RateFile: ImportedRows {
    /// How many rates had more decimals than are stored.
    private(set) var roundedCount = 0
    /// The columns that are not read.
    var ignoredColumns: [String] { columns.ignored }

    private let columns: CSVColumns
    private let today: CalendarDay
    private var pairNumbers: [String: Int] = [:]
    private var seen: Set<Int64> = []

    /// Reads the header.
    init(header: CSVRow, today: CalendarDay) throws(RowFault) {
        columns = try CSVColumns(header: header, required: ["Base", "Quote", "Date", "Rate"])
        self.today = today
    }

    /// Takes the row's rate and its day into account.
    func survey(_ row: CSVRow, into survey: inout FormatSurvey) {
        if let rate = columns.field("Rate", of: row) {
            survey.addFigure(rate.text, row: row.line, column: rate.title)
        }
        if let day = columns.field("Date", of: row) {
            survey.addDay(day.text, row: row.line, column: day.title)
        }
    }

    /// Reads a row; throws its first fault.
    mutating func line(_ row: CSVRow, _ format: TabularFormat) throws(RowFault) -> ExchangeRateTable.Entry {
        try columns.check(row)
        let baseUnit = try columns.read("Base", of: row) { text throws(ParseError) in
            try CurrencyUnit(parsing: text)
        }
        let quoteUnit = try columns.read("Quote", of: row) { text throws(ParseError) in
            try CurrencyUnit(parsing: text)
        }
        let (base, quote) = (baseUnit.currency, quoteUnit.currency)
        guard base != quote else {
            throw RowFault(row: row.line, column: "Quote", "is the base itself")
        }
        let today = today
        let day = try columns.read("Date", of: row) { text throws(ParseError) in
            let day = try format.days.day(text)
            guard day <= today else { throw ParseError(reason: "lies in the future") }
            return day
        }
        let (rate, isRounded) = try columns.read("Rate", of: row) { text throws(ParseError) in
            try format.figures.rate(text, from: baseUnit, to: quoteUnit)
        }
        if isRounded { roundedCount += 1 }

        let pair = base.code + quote.code
        let number = pairNumbers[pair] ?? pairNumbers.count
        pairNumbers[pair] = number
        let key = Int64(number) << 32 | Int64(UInt32(bitPattern: day.daysSince1970))
        guard seen.insert(key).inserted else {
            throw RowFault(
                row: row.line, column: "Date", "gives \(base) to \(quote) a second rate on \(day)")
        }
        return ExchangeRateTable.Entry(base: base, quote: quote, day: day, rate: rate)
    }
}
