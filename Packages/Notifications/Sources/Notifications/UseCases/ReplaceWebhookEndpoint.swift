import DatabaseClient
import ExactTypes
import Foundation
import ServiceKit
import SharedTypes

/// What a deployment decides about setting webhooks up.
struct WebhookRules: Sendable {
    let secrets: WebhookSecrets
    /// Whether an endpoint may lie on this machine or in a private network.
    let allowsPrivateAddresses: Bool
}

/// Makes an endpoint with a new secret. One transaction at a time does it for a user, so that they count right.
/// - Throws: `refused`, `tooManyEndpoints`, and `webhook_endpoints_url_key` where the user has the address already.
func createWebhookEndpoint(
    url: String, of principal: Principal, with webhooks: WebhookRules,
    in transaction: DatabaseTransaction, at now: Date
) async throws -> WebhookEndpointRow {
    let userID = principal.userID
    try checkAddress(url, webhooks)
    try await requireAccess(of: principal, in: transaction)
    guard try await transaction.countWebhookEndpoints(userID: userID).count < WebhookAddress.limit else {
        throw NotificationsError.tooManyEndpoints(limit: WebhookAddress.limit)
    }
    let id = WebhookEndpoint.ID.version7(at: now)
    return try await transaction.insertWebhookEndpoint(
        userID: userID, webhookEndpointID: id, url: url,
        sealedSecret: try webhooks.secrets.seal(WebhookSecrets.make(), for: id), now: now)
}

/// What is to change about an endpoint. Whatever it is, the endpoint is switched on again, and its pause is over.
enum WebhookEndpointChange: Sendable {
    case address(String)
    case secret
    case enable
}

/// Changes an endpoint and switches it on. `check` sees the revision that stands.
/// - Throws: `notFound`, `refused`, and `webhook_endpoints_url_key` where another has the address.
func changeWebhookEndpoint(
    _ id: WebhookEndpoint.ID, _ change: WebhookEndpointChange, of principal: Principal,
    with webhooks: WebhookRules, in transaction: DatabaseTransaction, at now: Date,
    check: (Int) throws -> Void
) async throws -> WebhookEndpointRow {
    let userID = principal.userID
    try await transaction.lockInbox(userID: userID)
    let old = try await findWebhookEndpoint(id, of: userID, on: transaction)
    try check(old.revision)
    try await requireAccess(of: principal, in: transaction)
    var (url, secret) = (old.url, old.sealedSecret)
    var previous: (sealed: [UInt8], until: Date)? = old.previousSecretUntil.flatMap { until in
        old.previousSealedSecret.flatMap { now < until ? (sealed: $0, until: until) : nil }
    }
    switch change {
    case .address(let address):
        try checkAddress(address, webhooks)
        url = address
    case .secret:
        // One that does not open signs nothing any more.
        let isOpen = (try? webhooks.secrets.open(old.sealedSecret, of: id)) != nil
        let overlapEnd = now.addingTimeInterval(WebhookSecrets.overlapSeconds)
        previous = isOpen ? (sealed: old.sealedSecret, until: overlapEnd) : nil
        secret = try webhooks.secrets.seal(WebhookSecrets.make(), for: id)
    case .enable: if old.disabledAt == nil, old.retryAt == nil { return old }
    }
    let row = try await transaction.updateWebhookEndpoint(
        url: url, sealedSecret: secret, previousSealedSecret: previous?.sealed,
        previousSecretUntil: previous?.until, now: now, userID: userID, webhookEndpointID: id)
    if old.disabledAt != nil || old.retryAt != nil {
        // What waited for it need not wait any more.
        _ = try await transaction.bringWebhookDeliveriesForward(
            now: now, userID: userID, webhookEndpointID: id)
    }
    return row
}

/// Removes an endpoint. `check` sees the revision that stands.
/// - Throws: `notFound`.
func deleteWebhookEndpoint(
    _ id: WebhookEndpoint.ID, of userID: User.ID, in transaction: DatabaseTransaction,
    check: (Int) throws -> Void
) async throws {
    try await transaction.lockInbox(userID: userID)
    let row = try await findWebhookEndpoint(id, of: userID, on: transaction)
    try check(row.revision)
    _ = try await transaction.deleteWebhookEndpoint(userID: userID, webhookEndpointID: id)
}

/// All endpoints of a user: there are few enough for one page.
func listWebhookEndpoints(of userID: User.ID, on database: Database) async throws -> [WebhookEndpointRow] {
    try await database.acting(as: userID.uuid).listWebhookEndpoints(
        userID: userID, afterID: .lowest, rowLimit: WebhookAddress.limit)
}

/// An endpoint of the user's.
func findWebhookEndpoint(
    _ id: WebhookEndpoint.ID, of userID: User.ID, on database: any QueryExecutor
) async throws -> WebhookEndpointRow {
    guard let row = try await database.findWebhookEndpoint(userID: userID, webhookEndpointID: id) else {
        throw NotificationsError.notFound("webhook endpoint")
    }
    return row
}

private func checkAddress(_ url: String, _ webhooks: WebhookRules) throws(FieldError) {
    do throws(ParseError) {
        try WebhookAddress.check(url, isReachable: !webhooks.allowsPrivateAddresses)
    } catch {
        throw FieldError(field: "url", reason: error.reason)
    }
}
