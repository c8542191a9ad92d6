import ContractKit
import DatabaseClient
import EventLog
import ExactTypes
import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import NotificationsContract
import ServiceKit
import SharedTypes

/// `/v1/webhook-endpoints`.
struct WebhookEndpointRoutes {
    private typealias API = NotificationsAPI
    private static let path = "/v1/webhook-endpoints"

    let database: Database
    let webhooks: WebhookRules

    func add(to routes: EndpointRoutes) {
        routes.respond(API.CreateWebhookEndpoint.self, create)
        routes.read(API.ListWebhookEndpoints.self, list)
        routes.read(API.FindWebhookEndpoint.self, find)
        routes.write(API.MoveWebhookEndpoint.self, move)
        routes.write(API.DeleteWebhookEndpoint.self, delete)
        routes.once(API.EnableWebhookEndpoint.self, enable)
        routes.respond(API.RotateWebhookSecret.self, rotateSecret)
        routes.once(API.TestWebhookEndpoint.self, test)
        routes.read(API.ListWebhookDeliveries.self, listDeliveries)
    }

    @Sendable private func create(_ call: Call<API.CreateWebhookEndpoint>) async throws -> Response {
        let kept = try await Idempotency.perform(
            call.request, call.context, operation: API.CreateWebhookEndpoint.description.id,
            body: ByteBuffer(bytes: Content(json: call.body).bytes), on: database, now: call.now
        ) { operation in
            let row = try await createWebhookEndpoint(
                url: call.body.url, of: call.principal, with: webhooks, in: operation.transaction,
                at: operation.now)
            return Response(API.CreateWebhookEndpoint.answer(Self.created(row)))
        }
        let id = kept.headers[.location].flatMap {
            WebhookEndpoint.ID(String($0.dropFirst(Self.path.count + 1)))
        }
        guard let id, let (row, secret) = try await secret(of: id, of: call.user) else { return kept }
        return Self.response(API.CreateWebhookEndpoint.answer(Self.created(row, secret: secret)), for: kept)
    }

    private static func created(
        _ row: WebhookEndpointRow, secret: String? = nil
    ) -> API.CreateWebhookEndpoint.Output {
        .created(
            API.WebhookEndpoint(row, secret: secret), etag: ETag(revision: row.revision),
            location: "\(path)/\(row.id)")
    }

    @Sendable private func list(
        _ call: Call<API.ListWebhookEndpoints>
    ) async throws -> API.ListWebhookEndpoints.Output {
        let rows = try await listWebhookEndpoints(of: call.user, on: database)
        return .ok(ListPage(items: rows.map { API.WebhookEndpoint($0) }, next: nil))
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

    @Sendable private func rotateSecret(_ call: Call<API.RotateWebhookSecret>) async throws -> Response {
        let id = call.parameters.webhookEndpointID
        let kept = try await Idempotency.perform(
            call.request, call.context, operation: API.RotateWebhookSecret.description.id,
            body: ByteBuffer(), on: database, now: call.now
        ) { operation in
            let row = try await changeWebhookEndpoint(
                id, .secret, of: call.principal, with: webhooks, in: operation.transaction, at: operation.now,
                check: call.requireMatch(revision:))
            return Response(
                API.RotateWebhookSecret.answer(
                    .ok(API.WebhookEndpoint(row), etag: ETag(revision: row.revision))))
        }
        guard let (row, secret) = try await secret(of: id, of: call.user) else { return kept }
        return Self.response(
            API.RotateWebhookSecret.answer(
                .ok(API.WebhookEndpoint(row, secret: secret), etag: ETag(revision: row.revision))),
            for: kept)
    }

    /// The answer with the secret, and what else the kept one says: that it was given before.
    private static func response(_ answer: Answer, for kept: Response) -> Response {
        var response = Response(answer)
        for field in kept.headers where response.headers[field.name] == nil { response.headers.append(field) }
        return response
    }

    /// What the kept answer lacks: what `platform.idempotency_keys` holds must not sign. A repetition gets it too, because
    /// the first answer may never have arrived. A secret that another key sealed is lost; its owner makes another one.
    private func secret(
        of id: WebhookEndpoint.ID, of user: User.ID
    ) async throws -> (row: WebhookEndpointRow, secret: String)? {
        do {
            let row = try await findWebhookEndpoint(id, of: user, on: database.acting(as: user.uuid))
            guard let opened = try? webhooks.secrets.open(row.sealedSecret, of: row.id) else { return nil }
            return (row, WebhookSecrets.text(opened))
        } catch NotificationsError.notFound {
            return nil
        }
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
    /// - Parameter secret: only where it was made just now.
    fileprivate init(_ row: WebhookEndpointRow, secret: String? = nil) {
        self.init(
            id: row.id, url: row.url, enabled: row.disabledAt == nil, disabledAt: row.disabledAt,
            disabledReason: row.disabledReason, consecutiveFailures: row.consecutiveFailures,
            retryAt: row.retryAt, lastDeliveredAt: row.lastDeliveredAt,
            previousSecretUntil: row.previousSecretUntil, revision: row.revision, createdAt: row.createdAt,
            secret: secret)
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
