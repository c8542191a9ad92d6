import ContractKit
import DatabaseClient
import EventLog
import ExactTypes
import Foundation
import NotificationsContract
import ServiceKit
import SharedTypes

/// `/v1/webhook-endpoints`.
struct WebhookEndpointRoutes {
    private typealias API = NotificationsAPI

    let database: Database
    let webhooks: WebhookRules

    func add(to routes: EndpointRoutes) {
        routes.once(API.CreateWebhookEndpoint.self, create) { call, kept in
            .created(
                try await withSecret(kept.body, of: call.user), etag: kept.etag, location: kept.location)
        }
        routes.read(API.ListWebhookEndpoints.self, list)
        routes.read(API.FindWebhookEndpoint.self, find)
        routes.write(API.MoveWebhookEndpoint.self, move)
        routes.write(API.DeleteWebhookEndpoint.self, delete)
        routes.once(API.EnableWebhookEndpoint.self, enable)
        routes.once(API.RotateWebhookSecret.self, rotateSecret) { call, kept in
            .ok(try await withSecret(kept.body, of: call.user), etag: kept.etag)
        }
        routes.once(API.TestWebhookEndpoint.self, test)
        routes.read(API.ListWebhookDeliveries.self, listDeliveries)
    }

    @Sendable private func create(
        _ call: Call<API.CreateWebhookEndpoint>, _ operation: OperationContext
    ) async throws -> API.CreateWebhookEndpoint.Output {
        let row = try await createWebhookEndpoint(
            url: call.body.url, of: call.principal, with: webhooks, in: operation.transaction,
            at: operation.now)
        return .created(
            API.WebhookEndpoint(row), etag: ETag(revision: row.revision),
            location: "/v1/webhook-endpoints/\(row.id)")
    }

    @Sendable private func list(
        _ call: Call<API.ListWebhookEndpoints>
    ) async throws -> API.ListWebhookEndpoints.Output {
        let rows = try await listWebhookEndpoints(of: call.user, on: database)
        return .ok(ListPage(items: rows.map(API.WebhookEndpoint.init), next: nil))
    }

    @Sendable private func find(
        _ call: Call<API.FindWebhookEndpoint>
    ) async throws -> API.FindWebhookEndpoint.Output {
        let row = try await findWebhookEndpoint(
            call.parameters.webhookEndpointID, of: call.user, on: database.acting(as: call.user.uuid))
        return .ok(API.WebhookEndpoint(row), etag: ETag(revision: row.revision))
    }

    @Sendable private func move(
        _ call: Call<API.MoveWebhookEndpoint>, _ operation: OperationContext
    ) async throws -> API.MoveWebhookEndpoint.Output {
        let row = try await changeWebhookEndpoint(
            call.parameters.webhookEndpointID, .address(call.body.url), of: call.principal, with: webhooks,
            in: operation.transaction, at: operation.now, check: call.requireMatch(revision:))
        return .ok(API.WebhookEndpoint(row), etag: ETag(revision: row.revision))
    }

    @Sendable private func delete(
        _ call: Call<API.DeleteWebhookEndpoint>, _ operation: OperationContext
    ) async throws -> API.DeleteWebhookEndpoint.Output {
        try await deleteWebhookEndpoint(
            call.parameters.webhookEndpointID, of: call.user, in: operation.transaction,
            check: call.requireMatch(revision:))
        return .noContent
    }

    @Sendable private func enable(
        _ call: Call<API.EnableWebhookEndpoint>, _ operation: OperationContext
    ) async throws -> API.EnableWebhookEndpoint.Output {
        let row = try await changeWebhookEndpoint(
            call.parameters.webhookEndpointID, .enable, of: call.principal, with: webhooks,
            in: operation.transaction, at: operation.now, check: call.requireMatch(revision:))
        return .ok(API.WebhookEndpoint(row), etag: ETag(revision: row.revision))
    }

    @Sendable private func rotateSecret(
        _ call: Call<API.RotateWebhookSecret>, _ operation: OperationContext
    ) async throws -> API.RotateWebhookSecret.Output {
        let row = try await changeWebhookEndpoint(
            call.parameters.webhookEndpointID, .secret, of: call.principal, with: webhooks,
            in: operation.transaction, at: operation.now, check: call.requireMatch(revision:))
        return .ok(API.WebhookEndpoint(row), etag: ETag(revision: row.revision))
    }

    /// What the kept answer lacks: what `platform.idempotency_keys` holds must not sign. A repetition gets it too, because
    /// the first answer may never have arrived. A secret that another key sealed is lost; its owner makes another one.
    private func withSecret(
        _ endpoint: API.WebhookEndpoint, of user: User.ID
    ) async throws -> API.WebhookEndpoint {
        var endpoint = endpoint
        do {
            let row = try await findWebhookEndpoint(
                endpoint.id, of: user, on: database.acting(as: user.uuid))
            endpoint.secret = (try? webhooks.secrets.open(row.sealedSecret, of: row.id))
                .map(WebhookSecrets.text)
        } catch NotificationsError.notFound {
            // It was removed since.
        }
        return endpoint
    }

    @Sendable private func test(
        _ call: Call<API.TestWebhookEndpoint>, _ operation: OperationContext
    ) async throws -> API.TestWebhookEndpoint.Output {
        let row = try await testWebhookEndpoint(
            call.parameters.webhookEndpointID, of: call.principal, in: operation)
        return .created(
            API.WebhookDelivery(
                notificationID: row.notificationID, type: row.template, status: row.status,
                attempts: row.attempts, nextAttemptAt: row.nextAttemptAt, error: row.error,
                sentAt: row.sentAt, createdAt: row.createdAt))
    }

    @Sendable private func listDeliveries(
        _ call: Call<API.ListWebhookDeliveries>
    ) async throws -> API.ListWebhookDeliveries.Output {
        let page = try call.page(Notification.ID.self)
        let rows = try await listWebhookDeliveries(
            of: call.parameters.webhookEndpointID, before: page.after ?? .highest, limit: page.rowLimit,
            userID: call.user, on: database.acting(as: call.user.uuid))
        return .ok(page.answer(rows, API.WebhookDelivery.init) { $0.notificationID })
    }
}

extension NotificationsAPI.WebhookEndpoint {
    fileprivate init(_ row: WebhookEndpointRow) {
        self.init(
            id: row.id, url: row.url, enabled: row.disabledAt == nil, disabledAt: row.disabledAt,
            disabledReason: row.disabledReason, consecutiveFailures: row.consecutiveFailures,
            retryAt: row.retryAt, lastDeliveredAt: row.lastDeliveredAt,
            previousSecretUntil: row.previousSecretUntil, revision: row.revision, createdAt: row.createdAt,
            secret: nil)
    }
}

extension NotificationsAPI.WebhookDelivery {
    fileprivate init(_ row: ListWebhookDeliveriesRow) {
        self.init(
            notificationID: row.notificationID, type: row.template, status: row.status,
            attempts: row.attempts, nextAttemptAt: row.nextAttemptAt, error: row.error, sentAt: row.sentAt,
            createdAt: row.createdAt)
    }
}
