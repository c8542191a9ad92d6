import DatabaseClient
import ExactTypes
import SharedTypes

/// The instruments that a text may mean by symbol, name or ISIN, the best first: at most `limit`, the user's own and shared
/// ones, each listing once whatever its case.
func searchInstruments(
    _ query: String, for userID: User.ID, limit: Int, on database: any QueryExecutor
) async throws -> [InstrumentRow] {
    try await database.searchInstruments(query: query, rowLimit: limit, userID: userID)
}
