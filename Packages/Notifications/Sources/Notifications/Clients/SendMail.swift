import DatabaseClient
import ExactTypes
import Foundation
import Mail
import SharedTypes

/// How a turn of a user ended.
enum TurnEnd: Sendable, Hashable {
    /// Nothing was due, or others have it.
    case idle
    /// Something was done, and more may be due.
    case worked
    /// Nothing could be done for want of a place at this host.
    case waits(host: String)
}

/// Sends one message by mail: leases it, sends it while no transaction is open, and marks what became of it.
///
/// Whatever happens between the lease and the mark is an outcome that is marked, too.
struct SendMail: Sendable {
    let sender: DeliverySender
    let userID: User.ID

    private struct Attempt: Sendable {
        let notification: NotificationRow
        /// This attempt counted.
        let number: Int
        let email: String?
    }

    private enum Step: Sendable {
        case idle
        /// What was due needed no sending.
        case settled
        case begun(Attempt, isMore: Bool)
    }

    /// Sends what has waited longest of what is due to the user.
    /// - Parameter foundMore: is called where more is due than that.
    func send(foundMore: () -> Void) async throws -> TurnEnd {
        switch try await sender.transaction(of: userID, { try await lease(in: $0) }) {
        case .idle: return .idle
        case .settled: return .worked
        case .begun(let attempt, let isMore):
            if isMore { foundMore() }
            try await send(attempt)
            return .worked
        }
    }

    /// Decides again, by what the user wants now and where they are now, and takes the message where it is to go.
    private func lease(in transaction: DatabaseTransaction) async throws -> Step {
        let now = sender.now()
        guard
            let delivery = try await transaction.claimDelivery(userID: userID, channel: .email, now: now),
            let message = try await transaction.findNotification(
                userID: userID, notificationID: delivery.notificationID)
        else { return .idle }
        guard !sender.settings.isExhausted(attempts: delivery.attempts) else {
            try await end(delivery, .failed, "no attempt came to an end", in: transaction, at: now)
            return .settled
        }
        let recipient = try await transaction.findRecipient(userID: userID)
        switch try await decide(message, recipient, in: transaction, at: now) {
        case .suppressed(let reason):
            try await end(delivery, .suppressed, reason.rawValue, in: transaction, at: now)
        case .deferred(let until):
            _ = try await transaction.deferDelivery(
                until: until, now: now, userID: userID, notificationID: message.id, channel: .email)
        case .digest(let frequency, let day):
            let digest = try await openDigest(
                frequency, .email, of: userID, from: day, in: transaction, at: now)
            // No day takes it, which would need a calendar's end.
            guard let digest else { return .idle }
            _ = try await transaction.collectDelivery(
                digestID: digest, now: now, userID: userID, notificationID: message.id, channel: .email)
        case .now:
            _ = try await transaction.leaseDelivery(
                leasedUntil: now.addingTimeInterval(sender.settings.leaseSeconds), now: now, userID: userID,
                notificationID: message.id, channel: .email)
            return .begun(
                Attempt(notification: message, number: delivery.attempts + 1, email: recipient?.email),
                isMore: delivery.isMore)
        }
        return .settled
    }

    private func decide(
        _ message: NotificationRow, _ recipient: RecipientRow?, in transaction: DatabaseTransaction,
        at now: Date
    ) async throws -> DeliveryDecision {
        guard sender.mail != nil else { return .suppressed(.noSender) }
        let row = try await transaction.findPreference(
            userID: userID, category: message.category, channel: .email)
        return DeliveryPlan.decide(
            category: message.category, channel: .email, priority: message.priority,
            preference: row.map { DeliveryPreference($0) },
            recipient: try DeliveryRecipient(
                try await transaction.findAccountStatus(userID: userID), recipient,
                hasWebhookEndpoint: false),
            now: now)
    }

    private func end(
        _ delivery: ClaimDeliveryRow, _ status: DeliveryStatus, _ reason: String,
        in transaction: DatabaseTransaction, at now: Date
    ) async throws {
        _ = try await transaction.endDelivery(
            status: status, error: reason, now: now, userID: userID,
            notificationID: delivery.notificationID, channel: .email, attempts: delivery.attempts)
    }

    private func send(_ attempt: Attempt) async throws {
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
                try await note(failure, of: attempt, in: transaction, at: now)
            }
        }
    }

    /// The message goes again at a time, or has failed for good where there is none.
    private func note(
        _ failure: SendingFailure, of attempt: Attempt, in transaction: DatabaseTransaction, at now: Date
    ) async throws {
        let next = failure.isPermanent ? nil : sender.settings.retry(after: attempt.number, at: now)
        if let next {
            _ = try await transaction.retryDelivery(
                nextAttemptAt: next, error: failure.reason, now: now, userID: userID,
                notificationID: attempt.notification.id, channel: .email, attempts: attempt.number)
        } else {
            _ = try await transaction.endDelivery(
                status: .failed, error: failure.reason, now: now, userID: userID,
                notificationID: attempt.notification.id, channel: .email, attempts: attempt.number)
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
