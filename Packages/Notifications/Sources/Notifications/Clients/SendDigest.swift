import DatabaseClient
import ExactTypes
import Foundation
import Mail
import SharedTypes

/// Sends collected messages: closes a digest, sends it as one mail, and marks what it carried.
///
/// A digest takes no more items from the moment at which it is first leased, so each attempt carries what the first one
/// did, under the same id. What comes later is for the next one.
struct SendDigest: Sendable {
    let sender: DeliverySender
    let userID: User.ID

    /// A digest that is leased to this process.
    private struct Attempt: Sendable {
        let digest: DigestRow
        let recipient: RecipientRow
        let items: [ListDigestItemsRow]

        /// This attempt counted.
        var number: Int { (items.map(\.attempts).min() ?? 0) + 1 }
    }

    /// Sends the user's digests of a day, where it is time.
    func sendAll(of day: CalendarDay) async throws {
        for digest in try await sender.database.acting(as: userID.uuid).listOpenDigests(
            userID: userID, day: day)
        {
            let attempt = try await sender.transaction(of: userID) { try await lease(digest, in: $0) }
            if let attempt { try await send(attempt) }
        }
    }

    /// Takes a digest whose hour has come by the user's clock of now, and drops from it what is not wanted any more.
    private func lease(_ id: Digest.ID, in transaction: DatabaseTransaction) async throws -> Attempt? {
        let now = sender.now()
        guard let digest = try await transaction.claimDigest(userID: userID, digestID: id) else { return nil }
        let recipient = try await transaction.findRecipient(userID: userID)
        let zone = try recipient.map { try IANATimeZone(parsing: $0.timeZone) } ?? .utc
        guard DigestCalendar.due(digest.day, in: zone) <= now else { return nil }
        let all = try await transaction.listDigestItems(
            userID: userID, channel: digest.channel, digestID: id)
        if let leasedUntil = digest.leasedUntil, now < leasedUntil { return nil }
        guard !sender.settings.isExhausted(attempts: all.map(\.attempts).min() ?? 0) else {
            try await drop(digest, because: "no attempt came to an end", in: transaction, at: now)
            return nil
        }
        let (items, isQuiet) = try await dropUnwanted(
            all, of: digest,
            for: try DeliveryRecipient(
                try await transaction.findAccountStatus(userID: userID), recipient, hasWebhookEndpoint: false),
            in: transaction, at: now)
        guard let recipient, !items.isEmpty else {
            try await drop(digest, because: SuppressionReason.notWanted.rawValue, in: transaction, at: now)
            return nil
        }
        if isQuiet { return nil }
        _ = try await transaction.leaseDigest(
            leasedUntil: now.addingTimeInterval(sender.settings.leaseSeconds), now: now, userID: userID,
            digestID: id)
        _ = try await transaction.leaseDigestItems(
            now: now, userID: userID, channel: digest.channel, digestID: id)
        return Attempt(digest: digest, recipient: recipient, items: items)
    }

    /// What is still wanted of the items, and whether quiet hours hold them back.
    private func dropUnwanted(
        _ items: [ListDigestItemsRow], of digest: DigestRow, for recipient: DeliveryRecipient?,
        in transaction: DatabaseTransaction, at now: Date
    ) async throws -> (items: [ListDigestItemsRow], isQuiet: Bool) {
        let wishes = try await transaction.listPreferences(userID: userID).filter {
            $0.channel == digest.channel
        }
        var wanted: [ListDigestItemsRow] = []
        var isQuiet = false
        for item in items {
            let wish = wishes.first { $0.category == item.category }.map { DeliveryPreference($0) }
            let decision =
                sender.mail == nil
                ? .suppressed(.noSender)
                : DeliveryPlan.decide(
                    category: item.category, channel: digest.channel, priority: item.priority,
                    preference: wish, recipient: recipient, now: now)
            if case .suppressed(let reason) = decision {
                _ = try await transaction.endDelivery(
                    status: .suppressed, error: reason.rawValue, now: now, userID: userID,
                    notificationID: item.id, channel: digest.channel, attempts: item.attempts)
                continue
            }
            wanted.append(item)
            guard let recipient else { continue }
            let wait = DeliveryPlan.digestWait(
                category: item.category, channel: digest.channel, priority: item.priority, preference: wish,
                recipient: recipient, now: now)
            isQuiet = isQuiet || wait != nil
        }
        return (wanted, isQuiet)
    }

    private func send(_ attempt: Attempt) async throws {
        let digest = attempt.digest
        let text = DigestText(attempt.items, locale: attempt.recipient.locale)
        let result: Result<String?, SendingFailure>
        do throws(SendingFailure) {
            result = .success(
                try await sender.handOver(
                    id: StableID.digest(digest.id, of: userID), to: attempt.recipient.email,
                    subject: text.subject, text: text.body))
        } catch {
            result = .failure(error)
        }
        let now = sender.now()
        try await sender.transaction(of: userID) { transaction in
            switch result {
            case .success(let answer):
                _ = try await transaction.markDigestItemsSent(
                    providerID: answer, now: now, userID: userID, channel: digest.channel, digestID: digest.id
                )
                _ = try await transaction.markDigestSent(now: now, userID: userID, digestID: digest.id)
            case .failure(let failure):
                let next = failure.isPermanent ? nil : sender.settings.retry(after: attempt.number, at: now)
                guard let next else {
                    return try await drop(digest, because: failure.reason, in: transaction, at: now)
                }
                _ = try await transaction.leaseDigest(
                    leasedUntil: next, now: now, userID: userID, digestID: digest.id)
                _ = try await transaction.noteDigestFailure(
                    error: failure.reason, now: now, userID: userID, channel: digest.channel,
                    digestID: digest.id)
            }
        }
    }

    /// The digest does not go: what it still carried failed.
    private func drop(
        _ digest: DigestRow, because reason: String, in transaction: DatabaseTransaction, at now: Date
    ) async throws {
        _ = try await transaction.releaseDigestItems(
            error: reason, now: now, userID: userID, channel: digest.channel, digestID: digest.id)
        _ = try await transaction.deleteDigest(userID: userID, digestID: digest.id)
    }
}

/// The words of a digest.
struct DigestText: Sendable {
    /// How many messages it quotes; the others it counts.
    private static let limit = 100

    let subject: String
    let body: String

    init(_ items: [ListDigestItemsRow], locale: String) {
        let isOne = items.count == 1
        let rest = items.count - Self.limit
        let more: String
        switch MessageCatalog.language(for: locale) {
        case "de":
            subject = isOne ? "Eine Nachricht von Grove" : "\(items.count) Nachrichten von Grove"
            more = "\(rest) weitere in deinem Posteingang"
        default:
            subject = isOne ? "One message from Grove" : "\(items.count) messages from Grove"
            more = "\(rest) more in your inbox"
        }
        let quoted = items.prefix(Self.limit).map {
            $0.body.isEmpty ? $0.title : "\($0.title)\n\n\($0.body)"
        }
        body = (rest > 0 ? quoted + [more] : quoted).joined(separator: "\n\n--\n\n")
    }
}
