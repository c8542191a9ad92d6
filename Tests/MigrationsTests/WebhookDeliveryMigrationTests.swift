import DatabaseClient
import ExactTypes
import Foundation
import GroveTesting
import Migrations
import SharedTypes
import Testing

/// What was on its way by webhook when deliveries became a row an endpoint, and when they become one a message again.
@Suite struct WebhookDeliveryMigrationTests {
    private static let version = "20261129011100"
    private static let (taken, open, dead) = (UUID(), UUID(), UUID())
    private static let (waiting, quiet, sent, failed) = (UUID(), UUID(), UUID(), UUID())

    /// As the program before wrote it into provider_id.
    private static func mark(_ endpoint: UUID) -> String {
        String(withUnsafeBytes(of: endpoint.uuid) { Data($0) }.base64EncodedString().prefix(22))
    }

    private func fill(_ test: TestDatabase, _ user: User.ID) async throws {
        let endpoints = [
            (Self.taken, "NULL", "NULL"), (Self.open, "NULL", "NULL"), (Self.dead, "now()", "'Dead.'"),
        ]
        for (id, disabledAt, reason) in endpoints {
            try await test.owner.script(
                """
                INSERT INTO notifications.webhook_endpoints (user_id, id, url, sealed_secret, consecutive_failures,
                    disabled_at, disabled_reason, revision, created_at, updated_at)
                VALUES ('\(user)', '\(id)', 'https://example.com/\(id)', sha256(''), 0, \(disabledAt), \(reason), 1,
                    '2026-01-01', '2026-01-01')
                """)
        }
        for (id, status, attempts, next, error, sentAt) in [
            (Self.waiting, "pending", 2, "'2026-01-03'", "'the endpoint answered 500'", "NULL"),
            (Self.quiet, "deferred", 0, "'2026-01-04'", "NULL", "NULL"),
            (Self.sent, "sent", 1, "NULL", "NULL", "'2026-01-02'"),
            (Self.failed, "failed", 8, "NULL", "'no endpoint took it'", "NULL"),
        ] {
            let marks = id == Self.waiting || id == Self.sent ? "'\(Self.mark(Self.taken))'" : "NULL"
            try await test.owner.script(
                """
                INSERT INTO notifications.notifications (user_id, id, category, template, title, body, data, dedupe_key,
                    priority, created_at, updated_at)
                VALUES ('\(user)', '\(id)', 'gamification', 'level.reached', 'Level', '', '{}', '\(id)', 'normal',
                    '2026-01-02', '2026-01-02');
                INSERT INTO notifications.notification_deliveries (user_id, notification_id, channel, status, attempts,
                    next_attempt_at, provider_id, error, sent_at, created_at, updated_at)
                VALUES ('\(user)', '\(id)', 'webhook', '\(status)', \(attempts), \(next), \(marks), \(error), \(sentAt),
                    '2026-01-02', '2026-01-02')
                """)
        }
    }

    private func rows(_ sql: String, _ test: TestDatabase) async throws -> Set<String> {
        Set(try await test.owner.query(sql).many { try $0.text(0) })
    }

    @Test func whatIsOnItsWayStaysOnItsWayInBothDirections() async throws {
        try await withTestDatabase { test in
            let address = test.connectionString(role: "postgres")
            let folder = try MigrationFolder(path: Repository.root.appending(path: "migrations").path)
            let migrator = Migrator(connectionString: address, folder: folder)
            try await folder.roles.create(connectionString: address)
            let steps = folder.migrations.count { $0.version >= Self.version }
            try await migrator.down(.steps(steps))
            let user = try await test.makeUser()
            try await fill(test, user)
            try await migrator.up()
            let names = [Self.taken: "taken", Self.open: "open", Self.dead: "dead"]
            let messages = [
                Self.waiting: "waiting", Self.quiet: "quiet", Self.sent: "sent", Self.failed: "failed",
            ]
            func named(_ rows: Set<String>) -> Set<String> {
                Set(
                    rows.map { row in
                        names.merging(messages) { $1 }.reduce(row) {
                            $0.replacing($1.key.uuidString.lowercased(), with: $1.value)
                        }
                    })
            }
            let made = try await rows(
                """
                SELECT concat_ws(' ', notification_id, webhook_endpoint_id, status, attempts, next_attempt_at::date, error)
                FROM notifications.webhook_deliveries
                """, test)
            #expect(
                named(made) == [
                    "waiting taken sent 2", "waiting open pending 2 2026-01-03 the endpoint answered 500",
                    "waiting dead suppressed 2 the endpoint is switched off",
                    "quiet taken deferred 0 2026-01-04", "quiet open deferred 0 2026-01-04",
                    "quiet dead suppressed 0 the endpoint is switched off", "sent taken sent 1",
                    "failed taken failed 8 no endpoint took it", "failed open failed 8 no endpoint took it",
                    "failed dead failed 8 no endpoint took it",
                ])
            try await migrator.down(.steps(steps))
            let back = try await rows(
                """
                SELECT concat_ws(' ', notification_id, channel, status, attempts, next_attempt_at::date, provider_id)
                FROM notifications.notification_deliveries
                """, test)
            let mark = Self.mark(Self.taken)
            #expect(
                named(back) == [
                    "waiting webhook pending 2 2026-01-03 \(mark)", "quiet webhook deferred 0 2026-01-04",
                    "sent webhook sent 1 \(mark)", "failed webhook failed 8",
                ])
        }
    }
}
