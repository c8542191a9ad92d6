import DatabaseClient
import EventLog
import ExactTypes
import Foundation
import ServiceKit
import SharedTypes
import StrictJSON

/// Posts one message to one endpoint: leases it, posts it while no transaction is open, and marks what became of it.
///
/// At an endpoint one message at a time is on its way, in whichever process. So when a pause is over, one message tries, and
/// its outcome is that of all.
struct SendWebhook: Sendable {
    let sender: DeliverySender
    let userID: User.ID

    private struct Attempt: Sendable {
        let notification: NotificationRow
        let endpoint: WebhookEndpointRow
        /// This attempt counted.
        let number: Int
        /// The previous secret signs too, for as long as the overlap lasts.
        let signsTwice: Bool
    }

    private enum Outcome: Sendable {
        case posted(WebhookClient.Outcome)
        case secretLost
    }

    private enum Step: Sendable {
        case idle
        /// What was due needed no posting.
        case settled
        case waits(host: String)
        case begun(Attempt, isMore: Bool)
    }

    /// Posts what has waited longest of what is due to the user, and whose host has a place.
    /// - Parameter foundMore: is called where something is due to another endpoint, too.
    func send(at places: HostPlaces, foundMore: () -> Void) async throws -> TurnEnd {
        switch try await sender.transaction(of: userID, { try await lease(at: places, in: $0) }) {
        case .idle: return .idle
        case .settled: return .worked
        case .waits(let host): return .waits(host: host)
        case .begun(let attempt, let isMore):
            if isMore { foundMore() }
            let outcome = await post(attempt)
            try await sender.transaction(of: userID) { try await note(outcome, of: attempt, in: $0) }
            return .worked
        }
    }

    // MARK: - Before

    private func lease(at places: HostPlaces, in transaction: DatabaseTransaction) async throws -> Step {
        let now = sender.now()
        var busy: [WebhookEndpoint.ID] = []
        var busyHost: String?
        // Once for each endpoint at most: what is due to one whose host is busy keeps nothing from the others.
        while true {
            guard
                let delivery = try await transaction.claimWebhookDelivery(
                    userID: userID, now: now, busyEndpointIDs: busy),
                let endpoint = try await transaction.findWebhookEndpoint(
                    userID: userID, webhookEndpointID: delivery.webhookEndpointID),
                let message = try await transaction.findNotification(
                    userID: userID, notificationID: delivery.notificationID)
            else { return busyHost.map { .waits(host: $0) } ?? .idle }
            guard try await isToBePosted(delivery, message, to: endpoint, in: transaction, at: now) else {
                return .settled
            }
            guard places.enter([endpoint.host]).contains(endpoint.host) else {
                busy.append(endpoint.id)
                busyHost = endpoint.host
                continue
            }
            _ = try await transaction.leaseWebhookDelivery(
                leasedUntil: now.addingTimeInterval(sender.settings.leaseSeconds), now: now, userID: userID,
                notificationID: message.id, webhookEndpointID: endpoint.id)
            let signsTwice = endpoint.previousSecretUntil.map { now < $0 } ?? false
            return .begun(
                Attempt(
                    notification: message, endpoint: endpoint, number: delivery.attempts + 1,
                    signsTwice: signsTwice),
                isMore: delivery.isMore)
        }
    }

    /// Decides again, by what the user wants now and how the endpoint fares.
    /// - Returns: whether the message is posted now. Where it is not, it waits or has ended.
    private func isToBePosted(
        _ delivery: ClaimWebhookDeliveryRow, _ message: NotificationRow, to endpoint: WebhookEndpointRow,
        in transaction: DatabaseTransaction, at now: Date
    ) async throws -> Bool {
        func end(_ status: DeliveryStatus, _ reason: String) async throws {
            _ = try await transaction.endWebhookDelivery(
                status: status, error: reason, now: now, userID: userID, notificationID: message.id,
                webhookEndpointID: endpoint.id, attempts: delivery.attempts)
        }
        guard endpoint.disabledAt == nil else {
            try await end(.suppressed, SuppressionReason.endpointDisabled.rawValue)
            return false
        }
        guard !sender.settings.isExhausted(attempts: delivery.attempts) else {
            try await end(.failed, "no attempt came to an end")
            return false
        }
        if let until = endpoint.retryAt, now < until {
            _ = try await transaction.postponeWebhookDeliveries(
                until: until, now: now, userID: userID, webhookEndpointID: endpoint.id)
            return false
        }
        switch try await decide(message, in: transaction, at: now) {
        case .suppressed(let reason): try await end(.suppressed, reason.rawValue)
        case .deferred(let until):
            _ = try await transaction.deferWebhookDelivery(
                until: until, now: now, userID: userID, notificationID: message.id,
                webhookEndpointID: endpoint.id)
        // Webhooks have no digests.
        case .now, .digest: return true
        }
        return false
    }

    private func decide(
        _ message: NotificationRow, in transaction: DatabaseTransaction, at now: Date
    ) async throws -> DeliveryDecision {
        let row = try await transaction.findPreference(
            userID: userID, category: message.category, channel: .webhook)
        return DeliveryPlan.decide(
            category: message.category, channel: .webhook,
            // A test was asked for just now, whatever is wanted otherwise.
            priority: message.template == Message.testTemplate ? .critical : message.priority,
            preference: row.map { DeliveryPreference($0) },
            recipient: try DeliveryRecipient(
                try await transaction.findAccountStatus(userID: userID),
                try await transaction.findRecipient(userID: userID), hasWebhookEndpoint: true),
            now: now)
    }

    // MARK: - Posting

    private func post(_ attempt: Attempt) async -> Outcome {
        let endpoint = attempt.endpoint
        guard let secret = try? sender.secrets.open(endpoint.sealedSecret, of: endpoint.id) else {
            return .secretLost
        }
        let previous =
            attempt.signsTwice
            ? endpoint.previousSealedSecret.flatMap { try? sender.secrets.open($0, of: endpoint.id) } : nil
        let body = Self.body(of: attempt.notification)
        let signature = WebhookSignature(
            id: StableID.delivery(attempt.notification.id, of: userID, by: .webhook), sentAt: sender.now(),
            body: body)
        return .posted(
            await sender.webhooks.post(
                body, headers: signature.headers(secrets: [secret] + (previous.map { [$0] } ?? [])),
                to: endpoint.url))
    }

    /// The body, the same each time that the message is sent.
    private static func body(of message: NotificationRow) -> Data {
        let data = (try? JSONValue(parsing: Array(message.data.utf8))) ?? .object([:])
        let body = JSONValue.object([
            "type": .string(message.template), "timestamp": .string(message.createdAt.rfc3339),
            "data": .object([
                "id": .string(message.id.description), "category": .string(message.category.rawValue),
                "priority": .string(message.priority.rawValue), "title": .string(message.title),
                "body": .string(message.body), "values": data,
            ]),
        ])
        return Data(body.text.utf8)
    }

    // MARK: - After

    private func note(_ outcome: Outcome, of attempt: Attempt, in transaction: DatabaseTransaction)
        async throws
    {
        let (now, endpoint) = (sender.now(), attempt.endpoint)
        switch outcome {
        case .posted(.delivered):
            _ = try await transaction.markWebhookDelivered(
                now: now, userID: userID, notificationID: attempt.notification.id,
                webhookEndpointID: endpoint.id)
            try await transaction.recordWebhookDelivery(
                now: now, userID: userID, webhookEndpointID: endpoint.id)
        case .posted(.gone):
            try await fail(attempt, because: "the endpoint answered 410", in: transaction, at: now)
            try await switchOff(endpoint, because: "it answered 410 Gone", in: transaction, at: now)
        case .posted(.unsent(let reason)):
            try await retry(attempt, notBefore: now, because: reason, in: transaction, at: now)
        case .posted(.failed(let reason, let retryAfter)):
            try await noteFailure(attempt, reason: reason, retryAfter: retryAfter, in: transaction, at: now)
        case .secretLost:
            try await fail(attempt, because: "secret cannot be opened", in: transaction, at: now)
            try await switchOff(
                endpoint, because: "its secret cannot be opened: make another one", isSecretLost: true,
                in: transaction, at: now)
        }
    }

    /// Pauses an endpoint that fails often or asks for it, and switches it off where it is dead.
    private func noteFailure(
        _ attempt: Attempt, reason: String, retryAfter: String?, in transaction: DatabaseTransaction,
        at now: Date
    ) async throws {
        let row = try await transaction.recordWebhookFailure(
            now: now, userID: userID, webhookEndpointID: attempt.endpoint.id)
        // It was removed or switched off meanwhile, and what waited for it with it.
        guard let row, row.disabledAt == nil else {
            return try await fail(attempt, because: reason, in: transaction, at: now)
        }
        let silence = now.timeIntervalSince(max(row.lastDeliveredAt ?? row.createdAt, row.createdAt))
        if row.consecutiveFailures >= sender.settings.deadEndpointFailures,
            silence >= sender.settings.deadEndpointSeconds
        {
            try await fail(attempt, because: reason, in: transaction, at: now)
            return try await switchOff(
                row, because: "\(row.consecutiveFailures) failures in a row; the last: \(reason)",
                in: transaction, at: now)
        }
        let asked = retryAfter.flatMap { RetryAfter.seconds($0, at: now) }.map(now.addingTimeInterval)
        let pause = EndpointPause.end(after: row.consecutiveFailures, at: now)
        try await retry(attempt, notBefore: asked ?? now, because: reason, in: transaction, at: now)
        guard let end = [asked, pause].compactMap({ $0 }).max() else { return }
        try await transaction.pauseWebhookEndpoint(
            retryAt: end, now: now, userID: userID, webhookEndpointID: row.id)
        _ = try await transaction.postponeWebhookDeliveries(
            until: end, now: now, userID: userID, webhookEndpointID: row.id)
    }

    /// The message goes again at a time, or has failed for good where it was tried often enough.
    private func retry(
        _ attempt: Attempt, notBefore moment: Date, because reason: String,
        in transaction: DatabaseTransaction,
        at now: Date
    ) async throws {
        guard let next = sender.settings.retry(after: attempt.number, at: now) else {
            return try await fail(attempt, because: reason, in: transaction, at: now)
        }
        _ = try await transaction.retryWebhookDelivery(
            nextAttemptAt: max(next, moment), error: reason, now: now, userID: userID,
            notificationID: attempt.notification.id, webhookEndpointID: attempt.endpoint.id,
            attempts: attempt.number)
    }

    private func fail(
        _ attempt: Attempt, because reason: String, in transaction: DatabaseTransaction, at now: Date
    ) async throws {
        _ = try await transaction.endWebhookDelivery(
            status: .failed, error: reason, now: now, userID: userID,
            notificationID: attempt.notification.id, webhookEndpointID: attempt.endpoint.id,
            attempts: attempt.number)
    }

    /// Switches an endpoint off with all that waits for it, and makes a notice of it in the same transaction, once for each
    /// time.
    private func switchOff(
        _ endpoint: WebhookEndpointRow, because reason: String, isSecretLost: Bool = false,
        in transaction: DatabaseTransaction, at now: Date
    ) async throws {
        let changed = try await transaction.disableWebhookEndpoint(
            now: now, disabledReason: reason, userID: userID, webhookEndpointID: endpoint.id)
        guard changed == 1 else { return }
        _ = try await transaction.suppressWebhookDeliveries(
            error: SuppressionReason.endpointDisabled.rawValue, now: now, userID: userID,
            webhookEndpointID: endpoint.id)
        let notice =
            isSecretLost
            ? Message.webhookSecretLost(endpoint: endpoint.id, host: endpoint.host)
            : .webhookDisabled(
                endpoint: endpoint.id, host: endpoint.host, failures: max(1, endpoint.consecutiveFailures))
        try await notifyUser(
            notice, dedupeKey: "webhook_endpoint.disabled:\(endpoint.id):\(now.rfc3339)",
            in: OperationContext(user: userID, transaction: transaction, now: now))
    }
}

extension WebhookEndpointRow {
    /// As the address says it, or "?" where it says none.
    fileprivate var host: String { URLComponents(string: url)?.host?.lowercased() ?? "?" }
}
