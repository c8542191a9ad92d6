import DatabaseClient
import EventLog
import ExactTypes
import Foundation
import ServiceKit
import SharedTypes

/// Closes the account of who has proven its password: every session ends and no log-in succeeds any more. The row stays;
/// erasing it is an operator's job. Throws `changedMeanwhile`.
func closeAccount(
    of principal: Principal, proven: ProvenPassword, events: EventLog, in context: OperationContext
) async throws {
    let (userID, transaction, now) = (principal.userID, context.transaction, context.now)
    try await lockAccount(of: principal, proven: proven, in: context)
    _ = try await transaction.closeUser(now: now, userID: userID)
    try await voidEmailTokens(.verification, in: context)
    try await voidEmailTokens(.passwordReset, in: context)
    try await endSessions(because: .accountClosed, in: context)
    try await events.append(UserClosed(userID: userID, closedAt: now), in: context)
}
