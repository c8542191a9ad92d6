import DatabaseClient
import ExactTypes
import SharedTypes

/// Finds an instrument that the user may see; throws `.instrumentNotFound`.
func findInstrument(
    _ id: Instrument.ID, for userID: User.ID, on database: any QueryExecutor
) async throws -> InstrumentRow {
    guard let row = try await database.findInstrument(instrumentID: id, userID: userID) else {
        throw MarketError.instrumentNotFound
    }
    return row
}
