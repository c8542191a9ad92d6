import DatabaseClient
import ExactTypes
import Foundation
import Logging
import Mail
import SharedTypes

/// Sends what is due, as ``DeliveryService`` does for as long as the service runs. Any number of processes may do it at
/// once: each message is leased by one of them at a time.
///
/// Every message goes out at least once, under an id that stays the same: a process that dies after it sent a message
/// and before it said so leaves it to be sent again.
struct DeliverySender: Sendable {
    /// How many rows one look for digests reads.
    private static let pageLength = 64

    let database: Database
    let worker: Database
    /// Nil where the deployment sends no mail.
    let mail: SMTPClient?
    var webhooks: WebhookClient
    let secrets: WebhookSecrets
    let settings: DeliverySettings
    let logger: Logger
    let now: @Sendable () -> Date

    /// - Parameters:
    ///   - database: under the role `notifications_service`.
    ///   - worker: under the role `notifications_worker`, which finds what is due across users.
    init(
        database: Database, worker: Database, mail: MailSettings?, webhooks: WebhookSettings,
        secrets: WebhookSecrets, settings: DeliverySettings = DeliverySettings(), logger: Logger,
        now: @escaping @Sendable () -> Date = { Date() }
    ) {
        self.database = database
        self.worker = worker
        self.mail = mail.map { SMTPClient(settings: $0) }
        self.webhooks = WebhookClient(settings: webhooks)
        self.secrets = secrets
        self.settings = settings
        self.logger = logger
        self.now = now
    }

    /// A transaction on what one user is to be sent. Like all that write several rows of a user, it takes the lock of the
    /// inbox first: so none holds what another of them waits for.
    func transaction<Value: Sendable>(
        of userID: User.ID, _ body: (DatabaseTransaction) async throws -> Value
    ) async throws -> Value {
        try await database.transaction(as: userID.uuid, retries: 3) { transaction in
            try await transaction.lockInbox(userID: userID)
            return try await body(transaction)
        }
    }

    /// Sends the digests whose hour has come.
    func sendDueDigests() async throws {
        var after = (day: CalendarDay.first, user: User.ID.lowest)
        // It is 08:00 in the east six hours before that day begins in UTC.
        let day = CalendarDay(utc: now().addingTimeInterval(6 * 3_600))
        while !Task.isCancelled {
            let users = try await worker.listDigestUsers(
                day: day, afterDay: after.day, afterUserID: after.user, rowLimit: Self.pageLength)
            await sendDigests(of: users)
            guard users.count == Self.pageLength, let last = users.last else { return }
            after = (last.day, last.userID)
        }
    }

    /// A few at once; what fails is logged and left for the next look.
    private func sendDigests(of users: [ListDigestUsersRow]) async {
        await withTaskGroup(of: Void.self) { group in
            for (index, row) in users.enumerated() where !Task.isCancelled {
                if index >= DeliverySettings.digestsAtOnce { await group.next() }
                group.addTask {
                    // Not cancelled with the service: what has gone out is to be marked, too.
                    await Task {
                        do {
                            try await SendDigest(sender: self, userID: row.userID).sendAll(of: row.day)
                        } catch {
                            logger.warning("a digest could not be sent", metadata: ["reason": "\(error)"])
                        }
                    }.value
                }
            }
        }
    }
}

/// What receivers count a message once by: the same each time that it is sent. It names no person, and has no dot,
/// which separates what a webhook signs.
enum StableID {
    static func delivery(_ notification: Notification.ID, of user: User.ID, by channel: NotificationChannel)
        -> String
    {
        "\(user)_\(notification)_\(channel.rawValue)"
    }

    static func digest(_ digest: Digest.ID, of user: User.ID) -> String { "\(user)_\(digest)_digest" }
}
