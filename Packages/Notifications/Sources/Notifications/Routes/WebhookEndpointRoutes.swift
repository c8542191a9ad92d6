import DatabaseClient
import EventLog
import ExactTypes
import Foundation
import HTTPTypes
import Hummingbird
import ServiceKit
import SharedTypes

/// `/v1/webhook-endpoints`.
struct WebhookEndpointRoutes {
    private static let path = "/v1/webhook-endpoints"

    let database: Database
    let webhooks: WebhookRules
    let now: @Sendable () -> Date

    func add(to router: ServiceRouter) {
        let one: RouterPath = "/v1/webhook-endpoints/{webhook_endpoint_id}"
        router.post("/v1/webhook-endpoints", use: create)
        router.get("/v1/webhook-endpoints", use: list)
        router.get(one, use: find)
        router.patch(one, use: move)
        router.delete(one, use: delete)
        router.post("/v1/webhook-endpoints/{webhook_endpoint_id}/enable", use: enable)
        router.post("/v1/webhook-endpoints/{webhook_endpoint_id}/test", use: test)
        router.get("/v1/webhook-endpoints/{webhook_endpoint_id}/deliveries", use: listDeliveries)
        router.post("/v1/webhook-endpoints/{webhook_endpoint_id}/rotate-secret", use: rotateSecret)
    }

    @Sendable private func create(_ request: Request, _ context: ServiceContext) async throws -> Response {
        let user = try context.user()
        let fields = try await Fields.body(of: request, context: context)
        let url = try fields.string("url", length: 1...2_048)
        try fields.finish()
        let now = now()
        let kept = try await Idempotency.perform(
            request, context, operation: "createWebhookEndpoint", body: fields, on: database, now: now
        ) { operation in
            let row = try await createWebhookEndpoint(
                url: url, of: user, with: webhooks, in: operation.transaction, at: now)
            return try .json(
                WebhookEndpointAnswer(row), status: .created, revision: row.revision,
                headers: [.location: "\(Self.path)/\(row.id)"])
        }
        let id = kept.headers[.location].flatMap {
            WebhookEndpoint.ID(String($0.dropFirst(Self.path.count + 1)))
        }
        return try await withSecret(kept, id, of: user.userID)
    }

    @Sendable private func list(_ request: Request, _ context: ServiceContext) async throws -> Response {
        let user = try context.user()
        try Fields.query(of: request).finish()
        // One page holds them all.
        let rows = try await database.acting(as: user.userID.uuid).listWebhookEndpoints(
            userID: user.userID, afterID: .lowest, rowLimit: WebhookAddress.limit)
        return try .json(ListAnswer(items: rows.map { WebhookEndpointAnswer($0) }, next: nil))
    }

    @Sendable private func find(_ request: Request, _ context: ServiceContext) async throws -> Response {
        let user = try context.user()
        let row = try await findWebhookEndpoint(
            context.identifier("webhook_endpoint_id", WebhookEndpoint.self), of: user.userID,
            on: database.acting(as: user.userID.uuid))
        guard !request.isNotModified(revision: row.revision) else {
            return .notModified(revision: row.revision)
        }
        return try .json(WebhookEndpointAnswer(row), revision: row.revision)
    }

    @Sendable private func move(_ request: Request, _ context: ServiceContext) async throws -> Response {
        let user = try context.user()
        let id = try context.identifier("webhook_endpoint_id", WebhookEndpoint.self)
        let fields = try await Fields.body(of: request, context: context)
        let url = try fields.string("url", length: 1...2_048)
        try fields.finish()
        return try await database.transaction(as: user.userID.uuid) { transaction in
            let row = try await changeWebhookEndpoint(
                id, .address(url), of: user, with: webhooks, in: transaction, at: now(),
                check: request.requireMatch(revision:))
            return try .json(WebhookEndpointAnswer(row), revision: row.revision)
        }
    }

    @Sendable private func delete(_ request: Request, _ context: ServiceContext) async throws -> Response {
        let user = try context.user()
        let id = try context.identifier("webhook_endpoint_id", WebhookEndpoint.self)
        try await database.transaction(as: user.userID.uuid) { transaction in
            try await deleteWebhookEndpoint(
                id, of: user.userID, in: transaction, check: request.requireMatch(revision:))
        }
        return .noContent
    }

    @Sendable private func enable(_ request: Request, _ context: ServiceContext) async throws -> Response {
        try await change(request, context, operation: "enableWebhookEndpoint", .enable)
    }

    @Sendable private func rotateSecret(_ request: Request, _ context: ServiceContext) async throws
        -> Response
    {
        let kept = try await change(request, context, operation: "rotateWebhookSecret", .secret)
        return try await withSecret(
            kept, context.identifier("webhook_endpoint_id", WebhookEndpoint.self), of: context.user().userID)
    }

    private func change(
        _ request: Request, _ context: ServiceContext, operation: String, _ change: WebhookEndpointChange
    ) async throws -> Response {
        let user = try context.user()
        let id = try context.identifier("webhook_endpoint_id", WebhookEndpoint.self)
        let now = now()
        return try await Idempotency.perform(
            request, context, operation: operation, body: nil, on: database, now: now
        ) { operation in
            let row = try await changeWebhookEndpoint(
                id, change, of: user, with: webhooks, in: operation.transaction, at: now,
                check: request.requireMatch(revision:))
            return try .json(WebhookEndpointAnswer(row), revision: row.revision)
        }
    }

    /// Puts the secret into an answer that is kept without it: what `platform.idempotency_keys` holds must not sign.
    /// A repetition gets it too, because the first answer may never have arrived.
    private func withSecret(
        _ kept: Response, _ id: WebhookEndpoint.ID?, of userID: User.ID
    ) async throws -> Response {
        guard let id else { return kept }
        let row = try await database.acting(as: userID.uuid).findWebhookEndpoint(
            userID: userID, webhookEndpointID: id)
        // A secret that another key sealed is lost; its owner makes another one.
        guard let row, let opened = try? webhooks.secrets.open(row.sealedSecret, of: row.id) else {
            return kept
        }
        let secret = WebhookSecrets.text(opened)
        var headers = kept.headers
        headers[.contentLength] = nil
        return try .json(
            WebhookEndpointAnswer(row, secret: secret), status: kept.status, revision: row.revision,
            headers: headers)
    }
}

private struct WebhookEndpointAnswer: Encodable {
    let id: WebhookEndpoint.ID
    let url: String
    let enabled: Bool
    let disabledAt: Date?
    let disabledReason: String?
    let consecutiveFailures: Int
    let retryAt: Date?
    let lastDeliveredAt: Date?
    let previousSecretUntil: Date?
    let revision: Int
    let createdAt: Date
    /// Only where it was made just now.
    let secret: String?

    init(_ row: WebhookEndpointRow, secret: String? = nil) {
        id = row.id
        url = row.url
        enabled = row.disabledAt == nil
        disabledAt = row.disabledAt
        disabledReason = row.disabledReason
        consecutiveFailures = row.consecutiveFailures
        retryAt = row.retryAt
        lastDeliveredAt = row.lastDeliveredAt
        previousSecretUntil = row.previousSecretUntil
        revision = row.revision
        createdAt = row.createdAt
        self.secret = secret
    }
}
