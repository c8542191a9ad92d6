import DatabaseClient
import ExactTypes
import ServiceKit
import SharedTypes

extension UsersModule {
    /// The account of a request. An access token outlives its session by up to fifteen minutes elsewhere, but
    /// not here: throws `sessionEnded` when the session was ended or the account closed, and
    /// `accountSuspended`.
    func findAccount(
        of principal: Principal, on executor: (any QueryExecutor)? = nil
    ) async throws -> FindAccountRow {
        let executor = executor ?? database.acting(as: principal.userID.uuid)
        let account = try await executor.findAccount(
            sessionID: Session.ID(principal.sessionID), userID: principal.userID)
        guard let account, !account.sessionEnded, account.status != .closed else {
            throw UsersError.sessionEnded
        }
        try account.status.requireOpen()
        return account
    }

    /// Holds an open account until the transaction ends, so that nothing is written after its end was announced.
    /// Throws as ``findAccount(of:on:)``.
    func holdOpen(_ userID: User.ID, on transaction: DatabaseTransaction) async throws {
        guard let status = try await transaction.holdStatus(userID: userID), status != .closed else {
            throw UsersError.sessionEnded
        }
        try status.requireOpen()
    }
}
