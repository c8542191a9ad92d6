import DatabaseClient
import ExactTypes
import ServiceKit
import SharedTypes

/// A person's own preferences. Throws as ``findAccount(of:on:)``.
func findPreferences(
    of principal: Principal, on executor: any QueryExecutor
) async throws -> UserPreferenceRow {
    // Both in one flight.
    async let found = executor.findPreferences(userID: principal.userID)
    _ = try await findAccount(of: principal, on: executor)
    guard let preferences = try await found else {
        throw UsersError.sessionEnded
    }
    return preferences
}
