import DatabaseClient
import EventLog
import ExactTypes
import ServiceKit
import SharedTypes

/// The account of a request. An access token outlives its session by up to fifteen minutes elsewhere, but not here: throws
/// `sessionEnded` when the session was ended or the account closed, and `accountSuspended`.
func findAccount(of principal: Principal, on executor: any QueryExecutor) async throws -> FindAccountRow {
    let account = try await executor.findAccount(
        userID: principal.userID, sessionID: Session.ID(principal.sessionID))
    guard let account, !account.sessionEnded, account.status != .closed else {
        throw UsersError.sessionEnded
    }
    try account.status.requireOpen()
    return account
}

/// Locks the acting user's open account until the transaction ends, so that nothing is written after its end was
/// announced. Throws as ``findAccount(of:on:)``.
func lockOpenAccount(in context: OperationContext) async throws {
    guard let status = try await context.transaction.lockStatusShared(userID: try context.user),
        status != .closed
    else { throw UsersError.sessionEnded }
    try status.requireOpen()
}

extension UserStatus {
    /// Throws when the account may not be used.
    func requireOpen() throws(UsersError) {
        switch self {
        case .pendingVerification, .active: break
        case .suspended: throw .accountSuspended
        case .closed: throw .accountClosed
        }
    }
}
