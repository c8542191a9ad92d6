import DatabaseClient
import ExactTypes
import SharedTypes

/// Lists shared instruments that have no bar on or after a day, at most `limit` after one of them.
func listStalePrices(
    before day: CalendarDay, after id: Instrument.ID, limit: Int, on database: any QueryExecutor
) async throws -> [ListStalePricesRow] {
    try await database.listStalePrices(beforeDay: day, afterID: id, rowLimit: limit)
}

/// Lists closes that two sources give differently, at most `limit` after a place in the list.
func listPriceDisagreements(
    after place: (instrument: Instrument.ID, day: CalendarDay, provider: String), limit: Int,
    on database: any QueryExecutor
) async throws -> [ListPriceDisagreementsRow] {
    try await database.listPriceDisagreements(
        afterInstrumentID: place.instrument, afterDay: place.day, afterProvider: place.provider,
        rowLimit: limit)
}
