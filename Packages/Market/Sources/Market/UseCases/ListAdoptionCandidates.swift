import DatabaseClient
import ExactTypes
import SharedTypes

/// Lists private instruments that an operator may make shared: at most `limit` after one of them.
func listAdoptionCandidates(
    after id: Instrument.ID, limit: Int, on database: any QueryExecutor
) async throws -> [ListAdoptionCandidatesRow] {
    try await database.listAdoptionCandidates(afterID: id, rowLimit: limit)
}
