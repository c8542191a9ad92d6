import DatabaseClient
import Foundation
import Logging
import ServiceLifecycle
import SharedTypes

/// Sends what is due, for as long as the service does. Any number of processes may do it at once: each message is
/// leased by one of them at a time.
///
/// Every message goes out at least once, under an id that stays the same: a process that dies after it sent a message
/// and before it said so leaves it to be sent again.
struct DeliverySender: Service {
    /// How many rows one look reads.
    static let pageLength = 64

    let database: Database
    let worker: Database
    /// Nil where the deployment sends no mail.
    let mail: SMTPClient?
    let webhooks: WebhookClient
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

    /// Runs until the service shuts down. What is on its way then is still sent and marked.
    func run() async throws {
        try await cancelWhenGracefulShutdown {
            await withTaskGroup(of: Void.self) { group in
                group.addTask { await repeating(every: settings.pollInterval) { try await sendDue() } }
                group.addTask {
                    await repeating(every: settings.digestPollInterval) { try await sendDueDigests() }
                }
            }
        }
    }

    private func repeating(every pause: Duration, _ look: () async throws -> Void) async {
        while !Task.isCancelled {
            do {
                try await look()
            } catch is CancellationError {
                return
            } catch {
                // The database is away, say. The next look does what this one could not.
                logger.warning("deliveries could not be sent", metadata: ["reason": "\(error)"])
            }
            try? await Task.sleep(for: pause)
        }
    }

    /// Sends everything that is due now.
    func sendDue() async throws {
        while !Task.isCancelled {
            let due = try await worker.listDueDeliveries(now: now(), rowLimit: Self.pageLength)
            // Several processes read the same page: each begins elsewhere in it.
            let begun = await forEach(due.shuffled()) { row in
                try await SendDelivery(sender: self, userID: row.userID).send(
                    row.notificationID, by: row.channel)
            }
            // Where nothing could be begun, others are at it, or the trouble is one that a pause helps.
            if due.count < Self.pageLength || begun == 0 { return }
        }
    }

    /// Sends the digests whose hour has come.
    func sendDueDigests() async throws {
        var after = (
            day: CalendarDay.first,
            user: User.ID(UUID(uuid: (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)))
        )
        // It is 08:00 in the east six hours before that day begins in UTC.
        let day = CalendarDay(utc: now().addingTimeInterval(6 * 3_600))
        while !Task.isCancelled {
            let users = try await worker.listDigestUsers(
                day: day, afterDay: after.day, afterUserID: after.user, rowLimit: Self.pageLength)
            _ = await forEach(users) { row in
                try await SendDigest(sender: self, userID: row.userID).sendAll(of: row.day)
            }
            guard users.count == Self.pageLength, let last = users.last else { return }
            after = (last.day, last.userID)
        }
    }

    /// Works on all of them, a few at once, and counts those that something was done about. What fails is logged and
    /// left for the next look.
    private func forEach<Element: Sendable>(
        _ elements: [Element], _ work: @escaping @Sendable (Element) async throws -> Bool
    ) async -> Int {
        await withTaskGroup(of: Bool.self) { group in
            var count = 0
            for (index, element) in elements.enumerated() where !Task.isCancelled {
                if index >= settings.concurrency, await group.next() == true { count += 1 }
                group.addTask {
                    // Not cancelled with the service: what has gone out is to be marked, too.
                    await Task { await attempt { try await work(element) } }.value
                }
            }
            for await isDone in group where isDone { count += 1 }
            return count
        }
    }

    private func attempt(_ work: () async throws -> Bool) async -> Bool {
        do { return try await work() } catch {
            logger.warning("a delivery could not be sent", metadata: ["reason": "\(error)"])
            return false
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
