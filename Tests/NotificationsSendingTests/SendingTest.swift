import Crypto
import DatabaseClient
import EventLog
import ExactTypes
import Foundation
import GroveTesting
import Logging
import Mail
import ServiceKit
import SharedTypes
import Synchronization
import Testing

@testable import Notifications

/// A clock that stands until it is set.
final class TestClock: Sendable {
    private let time: Mutex<Date>

    init(_ text: String) throws { time = Mutex(try moment(text)) }

    var now: Date { time.withLock { $0 } }
    func set(_ text: String) throws {
        let date = try moment(text)
        time.withLock { $0 = date }
    }
    func advance(_ seconds: TimeInterval) { time.withLock { $0 += seconds } }
}

/// A database, a mail server, and senders of which each has its own pools, as processes have.
struct SendingTest: Sendable {
    let test: TestDatabase
    let mail: MailServer
    let clock: TestClock
    let database: Database
    let secrets = WebhookSecrets(sealingKey: SymmetricKey(size: .bits256))

    /// The clock stands at noon of a Saturday, UTC.
    static func with(
        _ mailOptions: [String] = [], at time: String = "2026-01-10T12:00:00Z",
        _ body: (SendingTest) async throws -> Void
    ) async throws {
        let mail = try await MailServer.start(mailOptions)
        try await withTestDatabase { test in
            try await body(
                SendingTest(
                    test: test, mail: mail, clock: try TestClock(time),
                    database: test.database(role: "notifications_service")))
        }
    }

    /// A sender as another process would have it. Closing its pools is what the database sees of its death.
    struct Process: Sendable {
        let sender: DeliverySender
        let database: Database
        let worker: Database

        func die() async {
            await database.close()
            await worker.close()
        }
    }

    func process(
        webhooks: WebhookSettings = WebhookSettings(), settings: DeliverySettings = SendingTest.settings,
        mail: MailSettings? = nil, lookup: HostLookup = .shared
    ) throws -> Process {
        let database = test.database(role: "notifications_service")
        let worker = test.database(role: "notifications_worker", maximumConnections: 2)
        var sender = DeliverySender(
            database: database, worker: worker, mail: try mail ?? self.mail.settings(), webhooks: webhooks,
            secrets: secrets,
            settings: settings, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
            now: { [clock] in clock.now })
        sender.webhooks.lookup = lookup
        return Process(sender: sender, database: database, worker: worker)
    }

    static let settings = DeliverySettings(
        pollInterval: .milliseconds(50), digestPollInterval: .milliseconds(50), leaseSeconds: 120,
        retrySeconds: [60, 300], deadEndpointFailures: 3, deadEndpointSeconds: 0)

    /// Endpoints may lie on this machine.
    var rules: WebhookRules { WebhookRules(secrets: secrets, allowsPrivateAddresses: true) }

    // MARK: - What users do

    func addUser(_ name: String = "anna", zone: String = "Europe/Berlin") async throws -> User.ID {
        let email = "\(name)-\(UUID().uuidString.prefix(8).lowercased())@example.com"
        let user = try await test.makeUser(email: email)
        try await database.transaction(as: user.uuid) { transaction in
            try await transaction.setRecipientEmail(
                userID: user, email: email, displayName: "Anna", locale: "en", timeZone: zone,
                sourceUpdatedAt: clock.now, now: clock.now)
        }
        return user
    }

    /// The user in a session that stands.
    func principal(_ user: User.ID) async throws -> Principal {
        Principal(
            userID: user, sessionID: try await test.makeSession(of: user).uuid, isOperator: false)
    }

    func move(_ user: User.ID, to zone: String) async throws {
        try await database.acting(as: user.uuid).setRecipientProfile(
            userID: user, displayName: "Anna", locale: "en", timeZone: zone, sourceUpdatedAt: clock.now,
            now: clock.now)
    }

    func prefer(
        _ user: User.ID, _ category: NotificationCategory = .gamification,
        _ channel: NotificationChannel = .email, isEnabled: Bool = true, quiet: String? = nil,
        digest: DigestFrequency = .none
    ) async throws {
        let wish = DeliveryPreference(
            isEnabled: isEnabled, quiet: quiet.flatMap { QuietHours($0) }, digest: digest)
        let principal = try await principal(user)
        _ = try await database.transaction(as: user.uuid) { transaction in
            try await replacePreference(
                category, channel, with: wish, of: principal, in: transaction, at: clock.now, check: { _ in })
        }
    }

    /// Reaches a level: an ordinary message.
    func reach(_ level: Int, _ user: User.ID, at now: Date? = nil) async throws {
        try await tell(
            user, .levelReached(level: level, experience: level * 100), key: "level:\(level)", at: now)
    }

    func tell(_ user: User.ID, _ message: Message, key: String, at now: Date? = nil) async throws {
        _ = try await database.transaction(as: user.uuid) { transaction in
            try await notifyUser(
                message, dedupeKey: key,
                in: OperationContext(user: user, transaction: transaction, now: now ?? clock.now))
        }
    }

    func addEndpoint(_ user: User.ID, _ url: String) async throws -> (id: WebhookEndpoint.ID, secret: [UInt8])
    {
        let principal = try await principal(user)
        let row = try await database.transaction(as: user.uuid) { transaction in
            try await createWebhookEndpoint(
                url: url, of: principal, with: rules, in: transaction, at: clock.now)
        }
        return (row.id, try secrets.open(row.sealedSecret, of: row.id))
    }

    // MARK: - What is seen of it

    struct Delivery: Sendable, Equatable {
        let status: String
        let attempts: Int
        let nextAttemptAt: Date?
        let error: String?
    }

    /// The deliveries of a user by a channel, in the order of their messages and endpoints.
    func deliveries(_ user: User.ID, _ channel: NotificationChannel = .email) async throws -> [Delivery] {
        let rows =
            channel == .webhook
            ? "notifications.webhook_deliveries WHERE user_id = '\(user)' ORDER BY notification_id, webhook_endpoint_id"
            : """
            notifications.notification_deliveries
            WHERE user_id = '\(user)' AND channel = '\(channel.rawValue)' ORDER BY notification_id
            """
        return try await test.owner.query(
            "SELECT status::text, attempts, next_attempt_at, error FROM \(rows)"
        ).many { row in
            Delivery(
                status: try row.text(0), attempts: try row.int(1),
                nextAttemptAt: try row.isNull(2) ? nil : row.timestamp(2),
                error: try row.isNull(3) ? nil : row.text(3))
        }
    }

    func statuses(_ user: User.ID, _ channel: NotificationChannel = .email) async throws -> [String] {
        try await deliveries(user, channel).map(\.status)
    }

    func endpoints(_ user: User.ID) async throws -> [WebhookEndpointRow] {
        try await database.acting(as: user.uuid).listWebhookEndpoints(
            userID: user, afterID: .lowest, rowLimit: 100)
    }

    /// Waits until the mail server has taken so many, ten seconds at most.
    func waitForMail(_ count: Int, sourceLocation: SourceLocation = #_sourceLocation) async throws {
        for _ in 0..<500 where mail.received.count < count { try await Task.sleep(for: .milliseconds(20)) }
        if mail.received.count < count {
            Issue.record("\(mail.received.count) of \(count) mails", sourceLocation: sourceLocation)
        }
    }
}

/// Looks again and again until the condition holds, a minute at most.
func eventually(
    _ what: String, sourceLocation: SourceLocation = #_sourceLocation,
    _ condition: () async throws -> Bool
) async throws {
    for _ in 0..<3_000 {
        if try await condition() { return }
        try await Task.sleep(for: .milliseconds(20))
    }
    Issue.record("never: \(what)", sourceLocation: sourceLocation)
}

extension SendingTest.Process {
    /// Runs the sender while the body does; the body has let every server answer or end before it returns.
    func running(_ body: () async throws -> Void) async throws {
        let service = Task { [sender] in try await DeliveryService(sender).run() }
        let result: Result<Void, any Error>
        do { result = .success(try await body()) } catch { result = .failure(error) }
        service.cancel()
        _ = await service.result
        try result.get()
    }
}

extension DeliverySender {
    /// Runs until nothing is due by the clock, and what was under way is marked. A process whose pools are closed sees
    /// nothing that is due.
    func sendDue() async throws {
        let hasEnded = Mutex(false)
        let service = Task {
            defer { hasEnded.withLock { $0 = true } }
            try await DeliveryService(self).run()
        }
        while !hasEnded.withLock({ $0 }),
            let due = try? await worker.listDueUsers(
                now: now(), channel: .email, afterUserID: .lowest, rowLimit: 1)
                + worker.listDueWebhookUsers(now: now(), afterUserID: .lowest, rowLimit: 1), !due.isEmpty
        {
            try await Task.sleep(for: .milliseconds(20))
        }
        service.cancel()
        try await service.value
    }
}

extension MailServer {
    /// What a receiver counts as one message, and how often each came.
    var counts: [String: Int] {
        Dictionary(grouping: received.compactMap { $0.header("Message-ID") }, by: \.self).mapValues(\.count)
    }
}

extension IANATimeZone {
    /// A zone that a test names; a name that is wrong is UTC, where the test fails.
    static func named(_ name: String) -> IANATimeZone { (try? IANATimeZone(parsing: name)) ?? .utc }
}
