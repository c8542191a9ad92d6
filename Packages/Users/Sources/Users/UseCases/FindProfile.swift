import DatabaseClient
import ExactTypes
import ServiceKit
import SharedTypes

/// A person's own profile. Throws as ``findAccount(of:on:)``.
func findProfile(of principal: Principal, on executor: any QueryExecutor) async throws -> UserProfileRow {
    // Both in one flight.
    async let found = executor.findProfile(userID: principal.userID)
    _ = try await findAccount(of: principal, on: executor)
    guard let profile = try await found else {
        throw UsersError.sessionEnded
    }
    return profile
}
