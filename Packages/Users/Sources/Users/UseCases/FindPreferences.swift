import DatabaseClient
import ExactTypes
import ServiceKit
import SharedTypes

/// A person's own preferences. Throws as ``findAccount(of:on:)``.
func findPreferences(
    of principal: Principal, on executor: any QueryExecutor
) async throws -> UserPreferenceRow {
    _ = try await findAccount(of: principal, on: executor)
    guard let preferences = try await executor.findPreferences(userID: principal.userID) else {
        throw UsersError.sessionEnded
    }
    return preferences
}
