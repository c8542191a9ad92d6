import DatabaseClient
import EventLog
public import ExactTypes
import Foundation
public import SharedTypes
public import TabularText

/// What an import of bars is told beside the file.
public struct BarImport: Sendable, Hashable {
    /// The symbol of a file without a column `Symbol`, and only of such a file.
    public let symbol: String?
    /// Who names the symbols: YAHOO, say, for the bars to serve portfolios whose files name that source.
    public let source: String
    /// The exchange's code, or empty.
    public let exchange: String
    /// What prices are counted in: a currency, or the part of one in which an exchange quotes. With it, unknown
    /// instruments are made, in the currency; without it, they are refused.
    public let unit: CurrencyUnit?
    /// The class of instruments that are made.
    public let instrumentClass: InstrumentClass
    /// What the prices are adjusted to, as far as whoever brings them says.
    public let adjusted: PriceAdjustment
    /// How the file writes figures and days, where that is said.
    public let stated: StatedFormat

    public init(
        symbol: String? = nil, source: String = BarImport.defaultSource, exchange: String = "",
        unit: CurrencyUnit? = nil, instrumentClass: InstrumentClass = .equity,
        adjusted: PriceAdjustment = .unknown, stated: StatedFormat = StatedFormat()
    ) {
        self.symbol = symbol
        self.source = source
        self.exchange = exchange
        self.unit = unit
        self.instrumentClass = instrumentClass
        self.adjusted = adjusted
        self.stated = stated
    }

    /// What stands where no source is given: figures that someone brought by hand.
    public static let defaultSource = "MANUAL"
}

/// Imports daily bars of shared instruments, all rows or none. The same file again changes nothing; a bar whose
/// figures differ is revised.
func importBars(
    _ plan: BarImport, from file: ImportedFile, in context: OperationContext,
    progress: (ImportProgress) -> Void = { _ in }
) async throws -> ImportSummary {
    let (transaction, now) = (context.transaction, context.now)
    var listings = ImportedListings(
        plan: plan, source: try Listing.source(plan.source),
        exchange: try Listing.exchange(plan.exchange), now: now)
    if let symbol = plan.symbol {
        _ = try Listing(source: plan.source, exchange: plan.exchange, symbol: symbol)
    }
    let open = { (header: CSVRow) throws(RowFault) in
        try BarFile(header: header, symbol: plan.symbol, unit: plan.unit, today: CalendarDay(utc: now))
    }
    let format = try await surveyFile(file, stated: plan.stated, open: open)
    try await transaction.lockBarImports()
    return try await importFile(
        file, in: format, open: open,
        write: { lines in
            var written = try await listings.resolve(lines, in: transaction)
            guard written.faults.isEmpty else { return written }
            let rows = lines.compactMap { line in
                listings.known[line.symbol].map { NewPriceBar(line.bar, of: $0) }
            }
            let counts = try await transaction.writePriceBars(
                rows, source: listings.source, adjusted: plan.adjusted, now: now)
            written.inserted = counts.inserted
            written.updated = counts.updated
            return written
        },
        progress: progress)
}

extension NewPriceBar {
    init(_ bar: PriceBar, of instrument: Instrument.ID) {
        self.init(
            instrumentID: instrument, day: bar.day, open: bar.open, high: bar.high, low: bar.low,
            close: bar.close, volume: bar.volume)
    }
}

/// The shared instruments that a file's symbols name.
private struct ImportedListings {
    let plan: BarImport
    let source: String
    let exchange: String
    let now: Date
    private(set) var known: [String: Instrument.ID] = [:]

    init(plan: BarImport, source: String, exchange: String, now: Date) {
        self.plan = plan
        self.source = source
        self.exchange = exchange
        self.now = now
    }

    /// Finds the instruments of symbols that were not met before, and makes those that are missing where the plan
    /// says a currency.
    mutating func resolve(_ lines: [BarFile.Line], in transaction: DatabaseTransaction) async throws
        -> WrittenLines
    {
        var firstRows: [String: CSVRow] = [:]
        for line in lines where known[line.symbol] == nil && firstRows[line.symbol] == nil {
            firstRows[line.symbol] = line.row
        }
        var written = WrittenLines()
        guard !firstRows.isEmpty else { return written }
        // Sorted, so that whoever makes the same instruments at the same time meets them in the same order.
        let symbols = firstRows.keys.sorted()
        if let currency = plan.unit?.currency {
            written.instrumentsCreated = try await transaction.insertListings(
                symbols.map { NewListing(id: .version7(at: now), symbol: $0, name: $0) }, source: source,
                exchange: exchange, class: plan.instrumentClass, currency: currency, now: now)
        }
        let found = try await transaction.findListings(source: source, exchange: exchange, symbols: symbols)
        for listing in found {
            if let currency = plan.unit?.currency, currency != listing.currency,
                let row = firstRows[listing.symbol]
            {
                written.faults.append(
                    RowFault(
                        row: row.line, column: plan.symbol == nil ? "Symbol" : nil,
                        "\(listing.symbol) is kept in \(listing.currency), and the import says \(currency)"))
            }
            known[listing.symbol] = listing.id
        }
        for symbol in symbols where known[symbol] == nil {
            guard let row = firstRows[symbol] else { continue }
            written.faults.append(
                RowFault(
                    row: row.line, column: plan.symbol == nil ? "Symbol" : nil,
                    "\(symbol) is unknown under \(source); give a currency to make the instrument"))
        }
        written.faults.sort { ($0.row ?? 0) < ($1.row ?? 0) }
        return written
    }
}
