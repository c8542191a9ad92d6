import DatabaseClient
import ExactTypes
import SharedTypes

/// The zone of the user's clock, by which their days and weeks begin: that of their profile; UTC where they have none.
func findTimeZone(of user: User.ID, on executor: any QueryExecutor) async throws -> IANATimeZone {
    try await executor.findTimeZone(userID: user).map { try IANATimeZone(parsing: $0) } ?? .utc
}
