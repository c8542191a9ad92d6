import DatabaseClient
import ExactTypes
import Foundation
import SharedTypes

/// Removes what sending knows of a closed account and what its user set up, and ends what was still to be sent. The
/// messages stay.
func removeAccount(of userID: User.ID, in transaction: DatabaseTransaction, at now: Date) async throws {
    try await transaction.lockInbox(userID: userID)
    _ = try await transaction.deleteRecipient(userID: userID)
    _ = try await transaction.deleteWebhookEndpoints(userID: userID)
    _ = try await transaction.deletePreferences(userID: userID)
    _ = try await transaction.deletePushDevices(userID: userID)
    _ = try await transaction.suppressWaitingDeliveries(
        error: SuppressionReason.accountClosed.rawValue, now: now, userID: userID)
    _ = try await transaction.deleteOpenDigests(userID: userID)
}
