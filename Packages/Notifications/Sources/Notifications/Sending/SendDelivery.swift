import DatabaseClient
import ExactTypes
import Foundation
import Mail
import SharedTypes

/// Sends one message by one channel: leases it, sends it while no transaction is open, and marks what became of it.
///
/// Whatever happens between the lease and the mark is an outcome that is marked, too.
struct SendDelivery: Sendable {
    let sender: DeliverySender
    let userID: User.ID
    let channel: NotificationChannel

    /// A message that is leased to this process.
    struct Attempt: Sendable {
        let notification: NotificationRow
        let delivery: ClaimDeliveryRow
        let email: String?
        let round: WebhookRound

        /// This attempt counted.
        var number: Int { delivery.attempts + 1 }
    }

    private enum Step: Sendable {
        /// Nothing is due, or other processes have it.
        case nothing
        /// What was due needed no sending.
        case settled(isMore: Bool)
        /// The host of the webhook has no place.
        case waits(host: String)
        case begun(Attempt, isMore: Bool)
    }

    /// Sends what has waited longest of what is due to the user.
    /// - Parameter foundMore: is called where more is due than that.
    /// - Returns: the host that had no place for it, where that kept it back.
    func send(at places: HostPlaces, foundMore: () -> Void) async throws -> String? {
        let step = try await sender.transaction(of: userID) { try await lease(at: places, in: $0) }
        switch step {
        case .nothing: return nil
        case .settled(let isMore):
            if isMore { foundMore() }
        case .waits(let host): return host
        case .begun(let attempt, let isMore):
            if isMore { foundMore() }
            switch channel {
            case .email: try await sendMail(attempt)
            case .webhook: try await sendWebhooks(attempt)
            // The plan lets nothing through here: nothing sends by these.
            case .inApp, .push: break
            }
        }
        return nil
    }

    // MARK: - Before

    /// Decides again, by what the user wants now and where they are now, and takes the message where it is to go.
    private func lease(at places: HostPlaces, in transaction: DatabaseTransaction) async throws -> Step {
        let now = sender.now()
        guard
            let delivery = try await transaction.claimDelivery(userID: userID, channel: channel, now: now),
            let message = try await transaction.findNotification(
                userID: userID, notificationID: delivery.notificationID)
        else { return .nothing }
        guard !sender.settings.isExhausted(attempts: delivery.attempts) else {
            if let taken = delivery.providerID {
                // Some endpoint has it: it was delivered, though not everywhere.
                _ = try await transaction.markDelivered(
                    providerID: taken, now: now, userID: userID, notificationID: message.id, channel: channel)
            } else {
                try await end(delivery, .failed, "no attempt came to an end", in: transaction, at: now)
            }
            return .settled(isMore: delivery.isMore)
        }
        let recipient = try await transaction.findRecipient(userID: userID)
        let endpoints =
            channel == .webhook
            ? try await transaction.listLiveWebhookEndpoints(userID: userID, rowLimit: 32) : []
        let decision = try await decide(message, recipient, endpoints, in: transaction, at: now)
        switch decision {
        case .suppressed(let reason):
            try await end(delivery, .suppressed, reason.rawValue, in: transaction, at: now)
        case .deferred(let until):
            _ = try await transaction.deferDelivery(
                until: until, now: now, userID: userID, notificationID: message.id, channel: channel)
        case .digest(let frequency, let day):
            let digest = try await openDigest(
                frequency, channel, of: userID, from: day, in: transaction, at: now)
            guard let digest else { break }
            _ = try await transaction.collectDelivery(
                digestID: digest, now: now, userID: userID, notificationID: message.id, channel: channel)
        case .now:
            let round = try await reserve(endpoints, for: delivery, at: places, in: transaction, at: now)
            if let host = round.busyHost { return .waits(host: host) }
            guard channel != .webhook || !round.isPostponed else {
                return .settled(isMore: delivery.isMore)
            }
            _ = try await transaction.leaseDelivery(
                leasedUntil: now.addingTimeInterval(sender.settings.leaseSeconds), now: now, userID: userID,
                notificationID: message.id, channel: channel)
            let attempt = Attempt(
                notification: message, delivery: delivery, email: recipient?.email, round: round)
            return .begun(attempt, isMore: delivery.isMore)
        }
        return .settled(isMore: delivery.isMore)
    }

    private func decide(
        _ message: NotificationRow, _ recipient: RecipientRow?, _ endpoints: [WebhookEndpointRow],
        in transaction: DatabaseTransaction, at now: Date
    ) async throws -> DeliveryDecision {
        if channel == .email, sender.mail == nil { return .suppressed(.noSender) }
        let wish = try await transaction.findPreference(
            userID: userID, category: message.category, channel: channel)
        return DeliveryPlan.decide(
            category: message.category, channel: channel, priority: message.priority,
            preference: wish.map { DeliveryPreference($0) },
            recipient: try DeliveryRecipient(
                try await transaction.findAccountStatus(userID: userID), recipient,
                hasWebhookEndpoint: !endpoints.isEmpty),
            now: now)
    }

    private func end(
        _ delivery: ClaimDeliveryRow, _ status: DeliveryStatus, _ reason: String,
        in transaction: DatabaseTransaction, at now: Date
    ) async throws {
        _ = try await transaction.endDelivery(
            status: status, error: reason, now: now, userID: userID,
            notificationID: delivery.notificationID, channel: channel, attempts: delivery.attempts)
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
        try await sender.transaction(of: userID) { transaction in
            switch result {
            case .success(let answer):
                _ = try await transaction.markDelivered(
                    providerID: answer, now: now, userID: userID, notificationID: message.id, channel: .email)
            case .failure(let failure):
                let next =
                    failure.isPermanent ? nil : sender.settings.retry(after: attempt.number, at: now)
                try await retryOrFail(
                    attempt, next: next, reason: failure.reason, reached: nil, at: now, in: transaction)
            }
        }
    }

    /// The message goes again at a time. Where there is none it has failed for good, unless some endpoint has it.
    func retryOrFail(
        _ attempt: Attempt, next: Date?, reason: String?, reached: String?, at now: Date,
        in transaction: DatabaseTransaction
    ) async throws {
        if let next {
            _ = try await transaction.retryDelivery(
                nextAttemptAt: next, providerID: reached, error: reason ?? "it waits for an endpoint",
                now: now, userID: userID,
                notificationID: attempt.notification.id, channel: channel, attempts: attempt.number)
        } else if let reached {
            _ = try await transaction.markDelivered(
                providerID: reached, now: now, userID: userID, notificationID: attempt.notification.id,
                channel: channel)
        } else {
            _ = try await transaction.endDelivery(
                status: .failed, error: reason ?? "no endpoint took it", now: now, userID: userID,
                notificationID: attempt.notification.id, channel: channel, attempts: attempt.number)
        }
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
        return try await mail.send(message)
    }
}
