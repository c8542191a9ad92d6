import DatabaseClient
import EventLog
import ExactTypes
import Foundation
import SharedTypes
import TabularText

/// Imports what an instrument of the acting user cost, all rows or none. The same file again changes nothing; a price that
/// differs is revised. Throws a fault of `currency` where the file's is not the instrument's.
func importOwnerPrices(
    of id: Instrument.ID, in unit: CurrencyUnit?, stated: StatedFormat, from file: ImportedFile,
    in context: OperationContext
) async throws -> ImportSummary {
    let (transaction, now, userID) = (context.transaction, context.now, try context.user)
    let instrument = try await lockPrivateInstrument(id, in: context)
    if let unit, unit.currency != instrument.currency {
        throw FieldError(
            field: "currency", reason: "is not the instrument's, which is \(instrument.currency)")
    }
    let open = { (header: CSVRow) throws(RowFault) in
        try PriceFile(
            header: header, unit: unit ?? CurrencyUnit(instrument.currency), today: CalendarDay(utc: now))
    }
    let format = try await surveyFile(file, stated: stated, open: open)
    return try await importFile(
        file, in: format, open: open,
        write: { lines in
            let counts = try await transaction.writeOwnerPrices(
                lines.map { NewOwnerPrice(day: $0.day, price: $0.price) }, userID: userID,
                instrumentID: id, now: now)
            return WrittenLines(inserted: counts.inserted, updated: counts.updated)
        },
        progress: { _ in })
}
