import DatabaseClient
import EventLog
import ExactTypes
import SharedTypes

/// Removes an instrument of the acting user, with its prices. What rests on it, as a transaction that was ever in it,
/// refuses that by its foreign key, which becomes `.instrumentInUse`.
func removePrivateInstrument(
    _ id: Instrument.ID, in context: OperationContext, check: (Int) throws -> Void
) async throws {
    let row = try await lockPrivateInstrument(id, in: context)
    try check(row.revision)
    _ = try await context.transaction.deletePrivateInstrument(instrumentID: id, userID: try context.user)
}
