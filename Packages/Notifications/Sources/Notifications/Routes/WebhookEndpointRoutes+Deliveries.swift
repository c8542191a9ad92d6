import DatabaseClient
import ExactTypes
import Foundation
import Hummingbird
import ServiceKit
import SharedTypes

/// What became of messages at an endpoint, and a message to test one with.
extension WebhookEndpointRoutes {
    @Sendable func test(_ request: Request, _ context: ServiceContext) async throws -> Response {
        let user = try context.user()
        let id = try context.identifier("webhook_endpoint_id", WebhookEndpoint.self)
        let now = now()
        return try await Idempotency.perform(
            request, context, operation: "testWebhookEndpoint", body: nil, on: database, now: now
        ) { operation in
            let row = try await testWebhookEndpoint(id, of: user, in: operation)
            return try .json(WebhookDeliveryAnswer(row), status: .created)
        }
    }

    @Sendable func listDeliveries(_ request: Request, _ context: ServiceContext) async throws -> Response {
        let user = try context.user()
        let id = try context.identifier("webhook_endpoint_id", WebhookEndpoint.self)
        let query = try Fields.query(of: request)
        let page = try PageQuery.read(from: query)
        try query.finish()
        var before = Notification.ID.highest
        if let after = page.after { before = try Cursor.decode(after, as: Notification.ID.self) }
        let rows = try await listWebhookDeliveries(
            of: id, before: before, limit: page.limit + 1, userID: user.userID,
            on: database.acting(as: user.userID.uuid))
        return try .json(
            ListAnswer(rows, limit: page.limit, WebhookDeliveryAnswer.init) {
                Cursor.encode(["\($0.notificationID)"])
            })
    }
}

private struct WebhookDeliveryAnswer: Encodable {
    let notificationID: Notification.ID
    let type: String
    let status: DeliveryStatus
    let attempts: Int
    let nextAttemptAt: Date?
    let error: String?
    let sentAt: Date?
    let createdAt: Date

    init(_ row: FindWebhookDeliveryRow) {
        notificationID = row.notificationID
        type = row.template
        status = row.status
        attempts = row.attempts
        nextAttemptAt = row.nextAttemptAt
        error = row.error
        sentAt = row.sentAt
        createdAt = row.createdAt
    }

    init(_ row: ListWebhookDeliveriesRow) {
        notificationID = row.notificationID
        type = row.template
        status = row.status
        attempts = row.attempts
        nextAttemptAt = row.nextAttemptAt
        error = row.error
        sentAt = row.sentAt
        createdAt = row.createdAt
    }
}
