import DatabaseClient
import ExactTypes
import SharedTypes

/// Which instruments are listed.
struct InstrumentFilter: Sendable {
    let symbol: String?
    /// Words of symbol or name.
    let search: String?
    let instrumentClass: InstrumentClass?
}

/// Lists the instruments that the user may see, by symbol: at most `limit` after a place in the list.
func listInstruments(
    _ filter: InstrumentFilter, for userID: User.ID, after place: (symbol: String, id: Instrument.ID),
    limit: Int, on database: any QueryExecutor
) async throws -> [InstrumentRow] {
    guard let symbol = filter.symbol else {
        return try await database.listInstruments(
            userID: userID, afterSymbol: place.symbol, afterID: place.id, class: filter.instrumentClass,
            search: filter.search, rowLimit: limit)
    }
    return try await database.listInstrumentsOfSymbol(
        userID: userID, symbol: symbol, afterID: place.id, class: filter.instrumentClass,
        search: filter.search, rowLimit: limit)
}
