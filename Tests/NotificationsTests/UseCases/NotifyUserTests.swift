import DatabaseClient
import EventLog
import ExactTypes
import Foundation
import GroveTesting
import ServiceKit
import SharedTypes
import StrictJSON
import Testing

@testable import Notifications

@Suite struct NotifyUserTests {
    private let password = Message.passwordChanged(at: Date(timeIntervalSince1970: 1_800_000_000))

    @Test func theSameKeyTellsOnce() async throws {
        try await withNotifications { it in
            try await it.register()
            #expect(try await it.tell(level: 2))
            #expect(try await it.tell(level: 2) == false)
            #expect(try await it.tell(level: 2, it.eve))
            #expect(try await it.count("notifications.notifications") == 2)
            #expect(try await it.count("notifications.notification_deliveries WHERE channel = 'email'") == 2)
            // Another message about the same event is another one.
            #expect(try await it.tell(password, "level.reached:2"))
        }
    }

    @Test func whoIsKnownGetsMailAndWhoIsNotTheInboxAlone() async throws {
        try await withNotifications { it in
            try await it.register(locale: "de-CH")
            try await it.tell(level: 1_000)
            let known = try await it.deliveries()
            #expect(known[.inApp]?.status == .sent)
            #expect(known[.email]?.status == .pending)
            #expect(try await it.count("notifications.webhook_deliveries") == 0)
            #expect(known[.push] == nil)
            #expect(try await it.list()[0]["title"] == .string("Du hast Level 1’000 erreicht"))
            try await it.tell(level: 2, it.eve)
            let unknown = try await it.deliveries(of: it.eve)
            #expect(unknown[.inApp]?.status == .sent)
            #expect(unknown[.email]?.status == .suppressed)
            #expect(unknown[.email]?.error == "no address to send it to")
            #expect(try await it.list(as: it.eve)[0]["title"] == .string("You reached level 2"))
        }
    }

    @Test func preferencesAreKeptByChannel() async throws {
        try await withNotifications { it in
            try await it.register()
            try await it.prefer(.gamification, .email, DeliveryPreference(isEnabled: false))
            try await it.tell(level: 2)
            #expect(try await it.deliveries()[.email]?.status == .suppressed)
            try await it.prefer(.gamification, .email, DeliveryPreference(isEnabled: true))
            try await it.prefer(.gamification, .inApp, DeliveryPreference(isEnabled: false))
            try await it.tell(level: 3)
            let deliveries = try await it.deliveries()
            #expect(deliveries[.inApp]?.status == .suppressed)
            #expect(deliveries[.email]?.status == .pending)
            // It goes by mail, and is neither in the inbox nor counted.
            #expect(try await it.list().count == 1)
            #expect(try await it.send("GET", "/v1/notifications/unread-count").json["unread"] == .number(1))
        }
    }

    @Test func whatIsCriticalPassesByEverything() async throws {
        try await withNotifications { it in
            try await it.register()
            try await it.test.owner.script(
                """
                INSERT INTO notifications.notification_preferences (
                    user_id, category, channel, enabled, quiet_from, quiet_until, digest, revision, created_at,
                    updated_at)
                SELECT '\(it.ada.id)', 'security', channel::notifications.notification_channel, false, 0, 1439, 'none',
                    1, now(), now()
                FROM unnest('{in_app,email}'::text[]) AS channel
                """)
            try await it.tell(password, "user.password_changed:1")
            let deliveries = try await it.deliveries()
            #expect(deliveries[.inApp]?.status == .sent)
            #expect(deliveries[.email]?.status == .pending)
            #expect(try await it.list().count == 1)
        }
    }

    @Test func quietHoursDeferAndDigestsCollect() async throws {
        try await withNotifications { it in
            try await it.register(timeZone: "UTC")
            let night = Date(timeIntervalSince1970: 1_795_219_200)  // 2026-11-21T00:00:00Z
            try await it.prefer(
                .gamification, .email,
                DeliveryPreference(isEnabled: true, quiet: QuietHours(from: 22 * 60, until: 7 * 60)))
            try await it.tell(level: 2, at: night)
            let quiet = try #require(try await it.deliveries()[.email])
            #expect(quiet.status == .deferred)
            #expect(quiet.nextAttemptAt == Date(timeIntervalSince1970: 1_795_244_400))
            try await it.prefer(.gamification, .email, DeliveryPreference(isEnabled: true, digest: .daily))
            try await it.tell(level: 3, at: night)
            try await it.tell(level: 4, at: night)
            let digested = try #require(try await it.deliveries()[.email])
            #expect(digested.status == .deferred)
            #expect(digested.nextAttemptAt == nil)
            #expect(digested.digestID != nil)
            #expect(try await it.count("notifications.digests") == 1)
            #expect(
                try await it.count("notifications.notification_deliveries WHERE digest_id IS NOT NULL") == 2)
        }
    }

    /// What came while a digest is being sent would be lost in it.
    @Test func aDigestThatIsBeingSentTakesNothingMore() async throws {
        try await withNotifications { it in
            try await it.register(timeZone: "UTC")
            try await it.prefer(.gamification, .email, DeliveryPreference(isEnabled: true, digest: .daily))
            let night = Date(timeIntervalSince1970: 1_795_219_200)
            try await it.tell(level: 2, at: night)
            let first = try #require(try await it.deliveries()[.email]?.digestID)
            try await it.database.transaction(as: it.ada.id.uuid) { sender in
                let claimed = try await sender.claimDigest(userID: it.ada.id, digestID: first)
                #expect(claimed != nil)
                try await it.tell(level: 3, at: night)
            }
            let second = try #require(try await it.deliveries()[.email]?.digestID)
            #expect(second != first)
            #expect(
                try await it.text("SELECT string_agg(day::text, ',' ORDER BY day) FROM notifications.digests")
                    == "2026-11-21,2026-11-22")
        }
    }

    @Test func aWebhookIsForWhoHasALiveEndpoint() async throws {
        try await withNotifications { it in
            try await it.register()
            try await it.tell(level: 2)
            #expect(try await it.webhookDelivery() == nil)
            let created = try await it.send(
                "POST", "/v1/webhook-endpoints", json: #"{"url": "https://example.com/hook"}"#)
            #expect(created.status == 201)
            try await it.tell(level: 3)
            #expect(try await it.webhookDelivery()?.status == .pending)
            try await it.test.owner.script(
                "UPDATE notifications.webhook_endpoints SET disabled_at = now(), disabled_reason = 'Dead.'")
            try await it.tell(level: 4)
            #expect(try await it.webhookDelivery() == nil)
        }
    }

    /// An event stream that has seen the later of two must not find an earlier one behind its back.
    @Test func idsGrowInTheOrderInWhichTransactionsCommit() async throws {
        try await withNotifications { it in
            let (second, firstEnds) = try await it.database.transaction(as: it.ada.id.uuid) { transaction in
                try await notifyUser(
                    .levelReached(level: 2, experience: 200), dedupeKey: "a",
                    in: OperationContext(user: it.ada.id, transaction: transaction, now: Date()))
                // A machine whose clock is behind, and which would be through first.
                let second = Task {
                    try await it.tell(level: 3, at: Date().addingTimeInterval(-3_600))
                    return ContinuousClock.now
                }
                try await Task.sleep(for: .milliseconds(400))
                return (second, ContinuousClock.now)
            }
            let secondEnds = try await second.value
            #expect(secondEnds > firstEnds)
            let titles = try await it.list().compactMap { $0["title"]?.string }
            #expect(titles == ["You reached level 3", "You reached level 2"])
        }
    }
}
