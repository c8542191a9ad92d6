import DatabaseClient
import EventLog
import ExactTypes
import Foundation
import SharedTypes

/// What an operator changes in a shared instrument; nil stays as it is. The listing and the currency never change,
/// since bars stand in them.
struct InstrumentChange {
    let name: String?
    let instrumentClass: InstrumentClass?
    let calendar: CalendarChoice?
    let isin: String?
    let isActive: Bool?
    let isFractionable: Bool?
}

/// Changes a shared instrument. `check` sees the revision that stands, under a lock, before anything is written.
func changeInstrument(
    _ id: Instrument.ID, to change: InstrumentChange, in context: OperationContext,
    check: (Int) throws -> Void
) async throws -> InstrumentRow {
    guard let row = try await context.transaction.lockSharedInstrument(instrumentID: id) else {
        throw MarketError.instrumentNotFound
    }
    try check(row.revision)
    return try await context.transaction.updateInstrument(
        name: change.name ?? row.name, class: change.instrumentClass ?? row.class,
        calendar: change.calendar.map(\.mic) ?? row.calendar, isin: change.isin ?? row.isin,
        active: change.isActive ?? row.active, fractionable: change.isFractionable ?? row.fractionable,
        now: context.now,
        instrumentID: id)
}
