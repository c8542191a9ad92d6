import DatabaseClient
import ExactTypes
import ServiceKit
import SharedTypes

/// That a user may set something up here at this moment. The transaction lets one at a time do so (`lockInbox`), and so
/// does the consumer that removes what a closed account has: whichever comes first, nothing stays behind.
/// - Throws: ``NotificationsError/refused(_:)``.
func requireAccess(of principal: Principal, in transaction: DatabaseTransaction) async throws {
    try await transaction.lockInbox(userID: principal.userID)
    let access = try await transaction.findAccess(
        sessionID: Session.ID(principal.sessionID), userID: principal.userID)
    do throws(AccountAccess.Refusal) {
        try AccountAccess.check(access?.status, isSessionOpen: access?.isSessionOpen ?? false)
    } catch {
        throw NotificationsError.refused(error)
    }
}
