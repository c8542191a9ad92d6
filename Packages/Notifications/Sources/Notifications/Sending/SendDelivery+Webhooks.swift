import DatabaseClient
import EventLog
import ExactTypes
import Foundation
import ServiceKit
import SharedTypes
import StrictJSON

/// To which of a user's endpoints a message is posted in one attempt.
struct WebhookRound: Sendable {
    var endpoints: [WebhookEndpointRow] = []
    /// When those may be tried that this attempt leaves out: their pause, or the place at their host.
    var restAt: Date?
    /// A host without a place, where nothing is posted for want of one.
    var busyHost: String?
    /// Nothing is posted: every endpoint that has not taken it is paused.
    var isPostponed = false
}

extension SendDelivery {
    /// Takes the endpoints that a message is posted to now: those that have not taken it yet, are not paused, and whose
    /// host has a place. Where all are paused, the message waits for the first pause to end, and with it, where no
    /// endpoint takes anything, all that is due.
    func reserve(
        _ endpoints: [WebhookEndpointRow], for delivery: ClaimDeliveryRow, at places: HostPlaces,
        in transaction: DatabaseTransaction, at now: Date
    ) async throws -> WebhookRound {
        let reached = ReachedEndpoints(delivery.providerID)
        let missing = endpoints.filter { !reached.contains($0.id) }
        // Where all have taken it there is nothing but to mark it.
        if missing.isEmpty { return WebhookRound() }
        var round = WebhookRound()
        var isPaused: Set<WebhookEndpoint.ID> = []
        for endpoint in missing {
            guard case .paused(let until) = EndpointPause.admission(retryAt: endpoint.retryAt, at: now) else {
                continue
            }
            isPaused.insert(endpoint.id)
            round.restAt = min(round.restAt ?? until, until)
        }
        let ready = missing.filter { !isPaused.contains($0.id) }
        let admitted = places.enter(Set(ready.map(\.host)))
        for endpoint in ready {
            guard admitted.contains(endpoint.host) else {
                round.busyHost = endpoint.host
                continue
            }
            guard try await mayTry(endpoint, in: transaction, at: now) else {
                let until = trialEnd(from: now)
                round.restAt = min(round.restAt ?? until, until)
                continue
            }
            round.endpoints.append(endpoint)
        }
        if !round.endpoints.isEmpty {
            // The others follow as soon as they can.
            if round.busyHost != nil { round.restAt = now }
            round.busyHost = nil
        } else if round.busyHost == nil, let until = round.restAt {
            round.isPostponed = true
            _ = try await transaction.postponeDeliveries(
                until: until, now: now, userID: userID, channel: channel,
                notificationID: isPaused.count == endpoints.count ? nil : delivery.notificationID)
        }
        return round
    }

    /// A trial is over when the attempt is that makes it: with the lease at the latest.
    private func trialEnd(from now: Date) -> Date { now.addingTimeInterval(sender.settings.leaseSeconds) }

    /// Of an endpoint whose pause is over one message tries, in whichever process.
    private func mayTry(
        _ endpoint: WebhookEndpointRow, in transaction: DatabaseTransaction, at now: Date
    ) async throws -> Bool {
        guard EndpointPause.admission(retryAt: endpoint.retryAt, at: now) == .trial else { return true }
        return try await transaction.claimWebhookTrial(
            until: trialEnd(from: now), now: now, userID: userID, webhookEndpointID: endpoint.id) == 1
    }

    // MARK: - Sending

    private enum Outcome: Sendable {
        case posted(WebhookClient.Outcome)
        case secretLost
    }

    /// Posts the message to the endpoints of the attempt, two at a time. `provider_id` keeps which ones have taken it, so
    /// that one that is away does not make the others take everything again.
    func sendWebhooks(_ attempt: Attempt) async throws {
        let body = Self.body(of: attempt.notification)
        let signature = WebhookSignature(
            id: StableID.delivery(attempt.notification.id, of: userID, by: .webhook), sentAt: sender.now(),
            body: body)
        let outcomes = await withTaskGroup(of: (WebhookEndpointRow, Outcome).self) { group in
            var outcomes: [(WebhookEndpointRow, Outcome)] = []
            for (index, endpoint) in attempt.round.endpoints.enumerated() {
                if index >= DeliverySettings.endpointsAtOnce, let outcome = await group.next() {
                    outcomes.append(outcome)
                }
                group.addTask { (endpoint, await post(body, signature, to: endpoint)) }
            }
            for await outcome in group { outcomes.append(outcome) }
            return outcomes
        }
        try await sender.transaction(of: userID) { transaction in
            try await note(outcomes, of: attempt, in: transaction)
        }
    }

    private func post(
        _ body: Data, _ signature: WebhookSignature, to endpoint: WebhookEndpointRow
    ) async -> Outcome {
        guard let secret = try? sender.secrets.open(endpoint.sealedSecret, of: endpoint.id) else {
            return .secretLost
        }
        return .posted(
            await sender.webhooks.post(body, headers: signature.headers(secret: secret), to: endpoint.url))
    }

    // MARK: - After

    private func note(
        _ outcomes: [(endpoint: WebhookEndpointRow, outcome: Outcome)], of attempt: Attempt,
        in transaction: DatabaseTransaction
    ) async throws {
        let now = sender.now()
        var reached = ReachedEndpoints(attempt.delivery.providerID)
        var (reason, isFailed): (String?, Bool) = (nil, false)
        for (endpoint, outcome) in outcomes {
            switch outcome {
            case .posted(.delivered):
                reached.insert(endpoint.id)
                try await transaction.noteWebhookDelivery(
                    now: now, userID: userID, webhookEndpointID: endpoint.id)
            case .posted(.gone):
                try await switchOff(endpoint, because: "it answered 410 Gone", in: transaction, at: now)
            case .posted(.unsent(let failure)): (reason, isFailed) = (failure, true)
            case .posted(.failed(let failure)):
                reason = failure
                let isDead = try await noteFailure(of: endpoint, reason: failure, in: transaction, at: now)
                isFailed = isFailed || !isDead
            case .secretLost:
                reason = "secret cannot be opened"
                try await switchOff(
                    endpoint, because: "its secret cannot be opened: make another one",
                    isSecretLost: true, in: transaction, at: now)
            }
        }
        if !isFailed, attempt.round.restAt == nil, !reached.isEmpty {
            _ = try await transaction.markDelivered(
                providerID: reached.text, now: now, userID: userID, notificationID: attempt.notification.id,
                channel: .webhook)
            return
        }
        // Without an endpoint that may take it later there is nothing to wait for.
        let retry = sender.settings.retry(after: attempt.number, at: now)
        let next =
            isFailed ? retry : attempt.round.restAt.flatMap { rest in retry.map { _ in max(rest, now) } }
        try await retryOrFail(
            attempt, next: next, reason: reason, reached: reached.text, at: now, in: transaction)
    }

    /// Pauses an endpoint that fails often, and switches it off where it is dead.
    /// - Returns: whether it is dead now.
    private func noteFailure(
        of endpoint: WebhookEndpointRow, reason: String, in transaction: DatabaseTransaction, at now: Date
    ) async throws -> Bool {
        guard
            let row = try await transaction.noteWebhookFailure(
                now: now, userID: userID, webhookEndpointID: endpoint.id)
        else { return true }
        guard row.disabledAt == nil else { return true }
        let silence = now.timeIntervalSince(max(row.lastDeliveredAt ?? row.createdAt, row.createdAt))
        if row.consecutiveFailures >= sender.settings.deadEndpointFailures,
            silence >= sender.settings.deadEndpointSeconds
        {
            try await switchOff(
                row, because: "\(row.consecutiveFailures) failures in a row; the last: \(reason)",
                in: transaction, at: now)
            return true
        }
        if let end = EndpointPause.end(after: row.consecutiveFailures, at: now) {
            try await transaction.pauseWebhookEndpoint(
                retryAt: end, now: now, userID: userID, webhookEndpointID: endpoint.id)
        }
        return false
    }

    /// Switches an endpoint off, and makes a notice of it in the same transaction, once for each time.
    private func switchOff(
        _ endpoint: WebhookEndpointRow, because reason: String, isSecretLost: Bool = false,
        in transaction: DatabaseTransaction, at now: Date
    ) async throws {
        let changed = try await transaction.disableWebhookEndpoint(
            now: now, disabledReason: reason, userID: userID, webhookEndpointID: endpoint.id)
        guard changed == 1 else { return }
        let notice =
            isSecretLost
            ? Message.webhookSecretLost(endpoint: endpoint.id, host: endpoint.host)
            : .webhookDisabled(
                endpoint: endpoint.id, host: endpoint.host, failures: max(1, endpoint.consecutiveFailures))
        try await notifyUser(
            notice, dedupeKey: "webhook_endpoint.disabled:\(endpoint.id):\(now.rfc3339)",
            in: OperationContext(user: userID, transaction: transaction, now: now))
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
}

extension WebhookEndpointRow {
    /// As the address says it, or "?" where it says none.
    fileprivate var host: String { URLComponents(string: url)?.host?.lowercased() ?? "?" }
}

/// The endpoints that have taken a message, as they stand in a text: 22 characters each.
private struct ReachedEndpoints {
    /// More than a user may have, and as many as the column has room for.
    private static let limit = 13

    private var marks: [String]

    init(_ text: String?) { marks = (text ?? "").split(separator: ",").map(String.init) }

    var isEmpty: Bool { marks.isEmpty }
    /// The latest: those of endpoints that were deleted meanwhile fall out.
    var text: String? { marks.isEmpty ? nil : marks.suffix(Self.limit).joined(separator: ",") }
    func contains(_ id: WebhookEndpoint.ID) -> Bool { marks.contains(Self.mark(id)) }

    mutating func insert(_ id: WebhookEndpoint.ID) {
        if !contains(id) { marks.append(Self.mark(id)) }
    }

    private static func mark(_ id: WebhookEndpoint.ID) -> String {
        String(withUnsafeBytes(of: id.uuid.uuid) { Data($0) }.base64EncodedString().prefix(22))
    }
}
