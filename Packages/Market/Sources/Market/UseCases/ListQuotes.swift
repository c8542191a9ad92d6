import DatabaseClient
import ExactTypes
import SharedTypes

/// The last prices of some instruments, in the order of the ids that were asked with. What has none is left out.
func listQuotes(
    of instruments: QuotedListings, on database: any QueryExecutor
) async throws -> [LastQuote] {
    guard !instruments.asked.isEmpty else { return [] }
    let rows = try await database.listQuotes(instrumentIDs: instruments.listings)
    return rows.flatMap { row in
        (instruments.asked[row.instrumentID] ?? []).map {
            LastQuote(
                instrumentID: $0, price: row.price, currency: row.currency, quotedAt: row.quotedAt,
                source: row.source)
        }
    }.sorted { $0.instrumentID < $1.instrumentID }
}
