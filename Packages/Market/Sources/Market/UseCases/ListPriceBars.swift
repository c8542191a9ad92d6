import DatabaseClient
import ExactTypes
import SharedTypes

/// Lists an instrument's bars by day, at most `limit`, and the currency that they are in. They hang on the shared
/// instrument of the same listing; where there is none, there are no bars. Throws `.instrumentNotFound`.
func listPriceBars(
    of id: Instrument.ID, for userID: User.ID, from first: CalendarDay, to last: CalendarDay, limit: Int,
    on database: any QueryExecutor
) async throws -> (currency: Currency, bars: [ListPriceBarsRow]) {
    // Both in one flight.
    async let found = database.findBarListing(instrumentID: id, userID: userID)
    let instrument = try await findInstrument(id, for: userID, on: database)
    guard let listing = try await found else {
        return (instrument.currency, [])
    }
    let bars = try await database.listPriceBars(
        instrumentID: listing.id, fromDay: first, toDay: last, rowLimit: limit)
    return (listing.currency, bars)
}
