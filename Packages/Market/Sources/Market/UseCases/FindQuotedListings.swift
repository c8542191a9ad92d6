import DatabaseClient
import ExactTypes
import SharedTypes

/// Finds the shared instruments on which the quotes of some instruments hang; throws a fault of `instrument` where the user
/// sees no such instrument.
func findQuotedListings(
    _ ids: [Instrument.ID], for userID: User.ID, on database: any QueryExecutor
) async throws -> QuotedListings {
    let rows = try await database.listQuotedListings(instrumentIDs: ids, userID: userID)
    if let unknown = Set(ids).subtracting(rows.map(\.instrumentID)).min() {
        throw FieldError(field: "instrument", reason: "names no instrument: \(unknown)")
    }
    var asked: [Instrument.ID: [Instrument.ID]] = [:]
    for row in rows {
        guard let listing = row.listingID else { continue }
        asked[listing, default: []].append(row.instrumentID)
    }
    return QuotedListings(asked: asked)
}
