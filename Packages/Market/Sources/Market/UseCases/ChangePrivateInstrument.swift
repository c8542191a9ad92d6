import DatabaseClient
import EventLog
import ExactTypes
import Foundation
import SharedTypes

/// What an owner changes in their instrument; nil stays as it is.
struct PrivateInstrumentChange {
    let name: String?
    let instrumentClass: InstrumentClass?
    let currency: Currency?
}

/// Changes an instrument of the acting user; throws `.instrumentInUse` where it is to have another currency while
/// something stands in its own. `check` sees the revision that stands, under a lock, before anything is written.
func changePrivateInstrument(
    _ id: Instrument.ID, to change: PrivateInstrumentChange, in context: OperationContext,
    check: (Int) throws -> Void
) async throws -> InstrumentRow {
    let transaction = context.transaction
    let row = try await lockPrivateInstrument(id, in: context)
    try check(row.revision)
    if let currency = change.currency, currency != row.currency {
        guard
            try await transaction.correctCurrency(instrumentID: id, currency: currency, now: context.now)
        else { throw MarketError.instrumentInUse(.currencyStands) }
    }
    return try await transaction.updatePrivateInstrument(
        name: change.name ?? row.name, class: change.instrumentClass ?? row.class, now: context.now,
        instrumentID: id, userID: try context.user)
}

/// The acting user's own instrument, locked until the transaction ends; throws `.instrumentNotFound`.
func lockPrivateInstrument(
    _ id: Instrument.ID, in context: OperationContext
) async throws -> InstrumentRow {
    guard
        let row = try await context.transaction.lockPrivateInstrument(
            instrumentID: id, userID: try context.user)
    else { throw MarketError.instrumentNotFound }
    return row
}
