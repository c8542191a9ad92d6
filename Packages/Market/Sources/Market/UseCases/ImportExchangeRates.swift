import DatabaseClient
import EventLog
import ExactTypes
import Foundation
import SharedTypes
import TabularText

/// Imports exchange rates, all rows or none. The same file again changes nothing; a rate that differs is revised.
func importExchangeRates(
    source: String, stated: StatedFormat, from file: ImportedFile, in context: OperationContext,
    progress: (ImportProgress) -> Void = { _ in }
) async throws -> ImportSummary {
    let (transaction, now) = (context.transaction, context.now)
    let source = try Listing.source(source)
    let open = { (header: CSVRow) throws(RowFault) in
        try RateFile(header: header, today: CalendarDay(utc: now))
    }
    let format = try await surveyFile(file, stated: stated, open: open)
    try await transaction.lockExchangeRateImports()
    return try await importFile(
        file, in: format, open: open,
        write: { entries in
            let counts = try await transaction.writeExchangeRates(
                entries.map(NewExchangeRate.init), source: source, now: now)
            return WrittenLines(inserted: counts.inserted, updated: counts.updated)
        },
        progress: progress)
}

extension NewExchangeRate {
    init(_ entry: ExchangeRateTable.Entry) {
        self.init(base: entry.base, quote: entry.quote, day: entry.day, rate: entry.rate)
    }
}
