import DatabaseClient
import ExactTypes
import SharedTypes

/// Lists what an instrument cost by its owner's word, by day, at most `limit`, and the currency of it. One that was adopted
/// since keeps its prices for who wrote them. Throws `.instrumentNotFound`.
func listOwnerPrices(
    of id: Instrument.ID, for userID: User.ID, from first: CalendarDay, to last: CalendarDay, limit: Int,
    on database: any QueryExecutor
) async throws -> (currency: Currency, prices: [ListOwnerPricesRow]) {
    // Both in one flight.
    async let prices = database.listOwnerPrices(
        userID: userID, instrumentID: id, fromDay: first, toDay: last, rowLimit: limit)
    let instrument = try await findInstrument(id, for: userID, on: database)
    return (instrument.currency, try await prices)
}
