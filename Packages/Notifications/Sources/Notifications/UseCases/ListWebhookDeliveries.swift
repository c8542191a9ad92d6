import DatabaseClient
import ExactTypes
import SharedTypes

/// What became of messages at an endpoint of the user's, the latest first.
/// - Throws: `notFound`.
func listWebhookDeliveries(
    of id: WebhookEndpoint.ID, before: Notification.ID, limit: Int, userID: User.ID,
    on database: any QueryExecutor
) async throws -> [ListWebhookDeliveriesRow] {
    let rows = try await database.listWebhookDeliveries(
        userID: userID, webhookEndpointID: id, beforeID: before, rowLimit: limit)
    // A list that is not empty says by itself that there is such an endpoint, and takes one flight.
    if rows.isEmpty { _ = try await findWebhookEndpoint(id, of: userID, on: database) }
    return rows
}
