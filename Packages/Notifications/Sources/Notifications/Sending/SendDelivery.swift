import DatabaseClient
import Foundation
import ServiceKit
import SharedTypes

/// Sends one message by one channel: leases it, sends it while no transaction is open, and marks what became of it.
struct SendDelivery: Sendable {
    /// More than a user may have.
    private static let endpointLimit = 32

    let sender: DeliverySender
    let userID: User.ID

    /// A message that is leased to this process.
    private struct Attempt: Sendable {
        let notification: NotificationRow
        let delivery: ClaimDeliveryRow
        let email: String?
        let endpoints: [WebhookEndpointRow]

        /// This attempt counted.
        var number: Int { delivery.attempts + 1 }
    }

    /// - Returns: whether anything was done: false where another process has it.
    func send(_ notification: Notification.ID, by channel: NotificationChannel) async throws -> Bool {
        let (isHeld, attempt) = try await sender.database.transaction(as: userID.uuid, retries: 3) {
            try await lease(notification, channel, in: $0)
        }
        guard let attempt else { return isHeld }
        switch channel {
        case .email: try await sendMail(attempt)
        case .webhook: try await sendWebhooks(attempt)
        // The plan lets nothing through here: nothing sends by these.
        case .inApp, .push: break
        }
        return true
    }

    // MARK: - Before

    /// Decides again, by what the user wants now and where he is now, and takes the message where it is to go.
    private func lease(
        _ notification: Notification.ID, _ channel: NotificationChannel, in transaction: DatabaseTransaction
    ) async throws -> (isHeld: Bool, Attempt?) {
        let now = sender.now()
        guard
            let delivery = try await transaction.claimDelivery(
                userID: userID, notificationID: notification, channel: channel, now: now),
            let message = try await transaction.findNotification(userID: userID, notificationID: notification)
        else { return (false, nil) }
        let recipient = try await transaction.findRecipient(userID: userID)
        let endpoints = try await transaction.listLiveWebhookEndpoints(
            userID: userID, rowLimit: Self.endpointLimit)
        let wish = try await transaction.findPreference(
            userID: userID, category: message.category, channel: channel)
        let decision =
            channel == .email && sender.mail == nil
            ? .suppressed(.noSender)
            : DeliveryPlan.decide(
                category: message.category, channel: channel, priority: message.priority,
                preference: wish.map { DeliveryPreference($0) },
                recipient: DeliveryRecipient(recipient, hasWebhookEndpoint: !endpoints.isEmpty), now: now)
        switch decision {
        case .suppressed(let reason):
            _ = try await transaction.endDelivery(
                status: .suppressed, error: reason.rawValue, now: now, userID: userID,
                notificationID: notification, channel: channel, attempts: delivery.attempts)
        case .deferred(let until):
            _ = try await transaction.deferDelivery(
                until: until, now: now, userID: userID, notificationID: notification, channel: channel)
        case .digest(let frequency, let day):
            let digest = try await openDigest(
                frequency, channel, of: userID, from: day, in: transaction, at: now)
            guard let digest else { break }
            _ = try await transaction.collectDelivery(
                digestID: digest, now: now, userID: userID, notificationID: notification, channel: channel)
        case .now:
            _ = try await transaction.leaseDelivery(
                leasedUntil: now.addingTimeInterval(sender.settings.leaseSeconds), now: now, userID: userID,
                notificationID: notification, channel: channel)
            return (
                true,
                Attempt(
                    notification: message, delivery: delivery, email: recipient?.email, endpoints: endpoints)
            )
        }
        return (true, nil)
    }

    // MARK: - Mail

    private func sendMail(_ attempt: Attempt) async throws {
        let message = attempt.notification
        let result: Result<String?, SendingFailure>
        do throws(SendingFailure) {
            result = .success(
                try await sender.handOver(
                    id: StableID.delivery(message.id, of: userID, by: .email), to: attempt.email,
                    subject: message.title, text: message.body))
        } catch {
            result = .failure(error)
        }
        let now = sender.now()
        try await sender.database.transaction(as: userID.uuid) { transaction in
            switch result {
            case .success(let answer):
                _ = try await transaction.markDelivered(
                    providerID: answer, now: now, userID: userID, notificationID: message.id, channel: .email)
            case .failure(let failure):
                try await giveUpOrRetry(
                    attempt, isPermanent: failure.isPermanent, reason: failure.reason, reached: nil, at: now,
                    in: transaction)
            }
        }
    }

    private func giveUpOrRetry(
        _ attempt: Attempt, isPermanent: Bool, reason: String, reached: String?, at now: Date,
        in transaction: DatabaseTransaction
    ) async throws {
        let (notification, channel) = (attempt.notification.id, attempt.delivery.channel)
        if !isPermanent, let next = sender.settings.retry(after: attempt.number, at: now) {
            _ = try await transaction.retryDelivery(
                nextAttemptAt: next, providerID: reached, error: reason, now: now, userID: userID,
                notificationID: notification, channel: channel, attempts: attempt.number)
        } else {
            _ = try await transaction.endDelivery(
                status: .failed, error: reason, now: now, userID: userID, notificationID: notification,
                channel: channel, attempts: attempt.number)
        }
    }

    // MARK: - Webhooks

    /// Posts the message to every endpoint that has not taken it yet. `provider_id` keeps which ones have, so that one
    /// that is away does not make the others hear everything again.
    private func sendWebhooks(_ attempt: Attempt) async throws {
        let reached = ReachedEndpoints(attempt.delivery.providerID)
        let missing = attempt.endpoints.filter { !reached.contains($0.id) }
        let body = Self.body(of: attempt.notification)
        let signature = WebhookSignature(
            id: StableID.delivery(attempt.notification.id, of: userID, by: .webhook), sentAt: sender.now(),
            body: body)
        let outcomes = try await withThrowingTaskGroup(
            of: (WebhookEndpointRow, WebhookClient.Outcome).self
        ) { group in
            for endpoint in missing {
                group.addTask {
                    let secret = try sender.secrets.open(endpoint.sealedSecret, of: endpoint.id)
                    let outcome = try await sender.webhooks.post(
                        body, headers: signature.headers(secret: secret), to: endpoint.url)
                    return (endpoint, outcome)
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        try await sender.database.transaction(as: userID.uuid, retries: 3) { transaction in
            try await note(outcomes, of: attempt, reached: reached, in: transaction)
        }
    }

    private func note(
        _ outcomes: [(endpoint: WebhookEndpointRow, outcome: WebhookClient.Outcome)], of attempt: Attempt,
        reached: ReachedEndpoints, in transaction: DatabaseTransaction
    ) async throws {
        let now = sender.now()
        var reached = reached
        var failure: String?
        // Always in one order, so that two messages to the same endpoints do not wait for each other.
        for (endpoint, outcome) in outcomes.sorted(by: { $0.endpoint.id < $1.endpoint.id }) {
            switch outcome {
            case .delivered:
                reached.insert(endpoint.id)
                try await transaction.noteWebhookDelivery(
                    now: now, userID: userID, webhookEndpointID: endpoint.id)
            case .gone:
                try await switchOff(endpoint, because: "it answered 410 Gone", in: transaction, at: now)
            case .failed(let reason):
                let isDead = try await noteFailure(of: endpoint, reason: reason, in: transaction, at: now)
                if !isDead { failure = reason }
            }
        }
        if failure == nil, !reached.isEmpty {
            _ = try await transaction.markDelivered(
                providerID: reached.text, now: now, userID: userID, notificationID: attempt.notification.id,
                channel: .webhook)
        } else {
            // Without an endpoint that may take it later there is nothing to wait for.
            try await giveUpOrRetry(
                attempt, isPermanent: failure == nil, reason: failure ?? "no endpoint took it",
                reached: reached.text, at: now, in: transaction)
        }
    }

    /// - Returns: whether the endpoint is dead now.
    private func noteFailure(
        of endpoint: WebhookEndpointRow, reason: String, in transaction: DatabaseTransaction, at now: Date
    ) async throws -> Bool {
        guard
            let row = try await transaction.noteWebhookFailure(
                now: now, userID: userID, webhookEndpointID: endpoint.id)
        else { return true }
        guard row.disabledAt == nil else { return true }
        let silence = now.timeIntervalSince(max(row.lastDeliveredAt ?? row.createdAt, row.createdAt))
        guard row.consecutiveFailures >= sender.settings.deadEndpointFailures,
            silence >= sender.settings.deadEndpointSeconds
        else { return false }
        try await switchOff(
            row, because: "\(row.consecutiveFailures) failures in a row; the last: \(reason)",
            in: transaction, at: now)
        return true
    }

    /// Switches an endpoint off, and tells its owner in the same transaction, once for each time.
    private func switchOff(
        _ endpoint: WebhookEndpointRow, because reason: String, in transaction: DatabaseTransaction,
        at now: Date
    ) async throws {
        let changed = try await transaction.disableWebhookEndpoint(
            now: now, disabledReason: reason, userID: userID, webhookEndpointID: endpoint.id)
        guard changed == 1 else { return }
        try await notifyUser(
            .webhookDisabled(
                endpoint: endpoint.id, host: URLComponents(string: endpoint.url)?.host ?? "?",
                failures: endpoint.consecutiveFailures),
            of: userID, dedupeKey: "webhook_endpoint.disabled:\(endpoint.id):\(now.rfc3339)",
            in: transaction, at: now)
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

/// The endpoints that have taken a message, as they stand in a text: 22 characters each.
private struct ReachedEndpoints {
    private var marks: [String]

    init(_ text: String?) { marks = (text ?? "").split(separator: ",").map(String.init) }

    var isEmpty: Bool { marks.isEmpty }
    var text: String? { marks.isEmpty ? nil : marks.joined(separator: ",") }
    func contains(_ id: WebhookEndpoint.ID) -> Bool { marks.contains(Self.mark(id)) }

    mutating func insert(_ id: WebhookEndpoint.ID) {
        if !contains(id) { marks.append(Self.mark(id)) }
    }

    private static func mark(_ id: WebhookEndpoint.ID) -> String {
        String(withUnsafeBytes(of: id.uuid.uuid) { Data($0) }.base64EncodedString().prefix(22))
    }
}

extension DeliveryRecipient {
    /// Nil where nobody has told of the user.
    init?(_ row: RecipientRow?, hasWebhookEndpoint: Bool) {
        guard let row else { return nil }
        self.init(
            timeZone: row.timeZone, hasVerifiedEmail: row.email != nil, hasWebhookEndpoint: hasWebhookEndpoint
        )
    }
}

extension DeliverySender {
    /// Hands a message to the mail server, and gives what that says.
    func handOver(id: String, to email: String?, subject: String, text: String) async throws(SendingFailure)
        -> String?
    {
        guard let mail else { throw .permanent(SuppressionReason.noSender.rawValue) }
        guard let email, let recipient = try? MailAddress(parsing: email) else {
            throw .permanent("mail cannot be written to the address")
        }
        let message = MailMessage(id: id, recipient: recipient, subject: subject, text: text, date: now())
        do {
            return try await mail.send(message)
        } catch let failure as SendingFailure {
            throw failure
        } catch {
            throw .temporary("no mail server: \(type(of: error))")
        }
    }
}
