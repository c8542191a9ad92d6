import DatabaseClient
import EventLog
import ExactTypes
import Foundation
import ServiceKit
import SharedTypes

/// Makes a message that goes to one endpoint and nowhere else, so that its owner sees whether it arrives. One at a time.
/// - Throws: `notFound`, `refused`, `endpointDisabled`, `testUnderWay`.
func testWebhookEndpoint(
    _ id: WebhookEndpoint.ID, of principal: Principal, in context: OperationContext
) async throws -> FindWebhookDeliveryRow {
    let (userID, transaction, now) = (principal.userID, context.transaction, context.now)
    try await transaction.lockInbox(userID: userID)
    let endpoint = try await findWebhookEndpoint(id, of: userID, on: transaction)
    try await requireAccess(of: principal, in: transaction)
    guard endpoint.disabledAt == nil else { throw NotificationsError.endpointDisabled }
    let waiting = try await transaction.countWaitingTests(
        userID: userID, webhookEndpointID: id, template: Message.testTemplate)
    guard waiting == 0 else { throw NotificationsError.testUnderWay }
    let recipient = try await transaction.findRecipient(userID: userID)
    let made = try await storeMessage(
        .webhookTest(endpoint: id), locale: recipient?.locale ?? MessageCatalog.standard,
        timeZone: try recipient.map { try IANATimeZone(parsing: $0.timeZone) } ?? .utc,
        dedupeKey: "webhook_endpoint.test:\(Notification.ID.version7(at: now))", in: context)
    guard let made else { throw NotificationsError.alreadyNotified }
    _ = try await transaction.archiveNotification(now: now, userID: userID, notificationID: made.id)
    let plan = PlanDelivery(message: made, now: now, transaction: transaction)
    try await plan.storeWebhook(.now, to: endpoint)
    let delivery = try await transaction.findWebhookDelivery(
        userID: userID, webhookEndpointID: id, notificationID: made.id)
    guard let delivery else { throw NotificationsError.notFound("webhook delivery") }
    return delivery
}
