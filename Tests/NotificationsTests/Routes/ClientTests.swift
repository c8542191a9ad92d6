import ContractKit
import DatabaseClient
import ExactTypes
import Foundation
import GroveTesting
import NotificationsContract
import SharedTypes
import StrictJSON
import Testing

@testable import Notifications

/// Every operation of the contract, by the client, as an app uses them.
@Suite struct ClientTests {
    private typealias API = NotificationsAPI

    /// Notifies Ada of some levels.
    private func reach(_ levels: ClosedRange<Int>, _ it: NotificationsServer) async throws {
        for level in levels { try await it.tell(level: level) }
    }

    private func problem(_ body: () async throws -> Void) async -> Problem? {
        await #expect(throws: Problem.self) { try await body() }
    }

    @Test func theInboxIsReadAndCleared() async throws {
        try await withNotifications { it in
            let client = it.client()
            try await reach(2...6, it)
            func unread() async throws -> Int {
                try await client.send(API.CountUnreadNotifications.self).body.unread
            }
            var items: [API.Notification] = []
            for try await page in client.pages(API.ListNotifications.self, .init(limit: 2)) {
                #expect(page.body.items.count <= 2)
                items += page.body.items
            }
            #expect(items.map(\.title) == (2...6).reversed().map { "You reached level \($0)" })
            #expect(items.allSatisfy { $0.category == .known(.gamification) })
            #expect(try await unread() == 5)

            let key = IdempotencyKey(UUID())
            let latest = API.ReadNotification.Parameters(notificationID: items[0].id)
            let read = try await client.send(API.ReadNotification.self, latest, key: key)
            #expect(read.body.readAt != nil)
            #expect(try await client.send(API.ReadNotification.self, latest, key: key) == read)
            let archived = try await client.send(
                API.ArchiveNotification.self, .init(notificationID: items[1].id))
            #expect(archived.body.archivedAt != nil)
            #expect(try await unread() == 3)
            // Levels 2 and 3: what came after them stays.
            let left = try await client.send(
                API.ReadAllNotifications.self, body: .init(untilID: items[3].id))
            #expect(left.body.unread == 1)
            let open = try await client.send(
                API.ListNotifications.self, .init(unread: true, category: .gamification))
            #expect(open.body.items.map(\.id) == [items[2].id])
            let hidden = await problem {
                _ = try await it.client(it.eve).send(API.ReadNotification.self, latest)
            }
            #expect(hidden?.status == 404)
        }
    }

    @Test func aStreamGoesOnWhereItBroke() async throws {
        try await withNotifications { it in
            let client = it.client()
            try await reach(2...2, it)
            var seen: SharedTypes.Notification.ID?
            let first = try await client.events(API.StreamNotifications.self, .init())
            for try await event in first {
                if event.name == "unread" {
                    #expect(try JSONValue(parsing: event.data)["unread"] == .number(1))
                    try await reach(3...3, it)
                } else {
                    let notification = try event.value(as: API.Notification.self, .strictAnswer)
                    #expect(notification.title == "You reached level 3")
                    #expect(event.id == notification.id.description)
                    seen = notification.id
                    break
                }
            }
            #expect(seen != nil)
            try await reach(4...5, it)
            var titles: [String] = []
            let second = try await client.events(
                API.StreamNotifications.self, .init(lastEventID: seen))
            for try await event in second where event.name == "notification" {
                titles.append(try event.value(as: API.Notification.self, .strictAnswer).title)
                if titles.count == 2 { break }
            }
            #expect(titles == ["You reached level 4", "You reached level 5"])
            let refused = await problem {
                _ = try await it.server.client().events(API.StreamNotifications.self, .init())
            }
            #expect(refused?.status == 401)
        }
    }

    @Test func aPreferenceIsReplacedAndGivenUp() async throws {
        try await withNotifications { it in
            let client = it.client()
            let all = try await client.send(API.ListNotificationPreferences.self).body.items
            #expect(all.allSatisfy { $0.revision == 0 })
            let mail = API.FindNotificationPreference.Parameters(category: .gamification, channel: .email)
            let found = try await client.send(API.FindNotificationPreference.self, mail)
            let hours = API.QuietHours(from: "22:30", until: "07:00")
            let replaced = try await client.send(
                API.ReplaceNotificationPreference.self, .init(category: .gamification, channel: .email),
                .init(enabled: true, quietHours: hours, digest: .daily), ifMatch: found.etag)
            #expect(replaced.body.quietHours == hours && replaced.body.digest == .known(.daily))
            #expect(
                try await client.read(
                    API.FindNotificationPreference.self, mail, ifNoneMatch: replaced.etag) == nil)
            let wrong = await problem {
                _ = try await client.send(
                    API.ReplaceNotificationPreference.self, .init(category: .security, channel: .email),
                    .init(enabled: false))
            }
            #expect(wrong?.status == 422 && wrong?.field == "enabled")

            let place = API.DeleteNotificationPreference.Parameters(category: .gamification, channel: .email)
            let stale = await problem {
                _ = try await client.send(
                    API.DeleteNotificationPreference.self, place, ifMatch: found.etag)
            }
            #expect(stale?.status == 412)
            #expect(
                try await client.send(
                    API.DeleteNotificationPreference.self, place, ifMatch: replaced.etag) == .noContent)
            #expect(try await client.send(API.FindNotificationPreference.self, mail) == found)
        }
    }

    @Test func aWebhookIsMadeMovedAndRemoved() async throws {
        try await withNotifications { it in
            let client = it.client()
            let key = IdempotencyKey(UUID())
            let address = API.WebhookAddress(url: "https://hooks.example.com/grove")
            let made = try await client.send(API.CreateWebhookEndpoint.self, body: address, key: key)
            #expect(made.body.secret?.hasPrefix("whsec_") == true)
            #expect(try await client.send(API.CreateWebhookEndpoint.self, body: address, key: key) == made)
            let id = made.body.id
            let found = try await client.send(API.FindWebhookEndpoint.self, .init(webhookEndpointID: id))
            #expect(found.body.secret == nil && found.etag == made.etag)
            #expect(
                try await client.read(
                    API.FindWebhookEndpoint.self, .init(webhookEndpointID: id), ifNoneMatch: made.etag)
                    == nil)

            let moved = try await client.send(
                API.MoveWebhookEndpoint.self, .init(webhookEndpointID: id),
                .init(url: "https://hooks.example.com/other"), ifMatch: made.etag)
            #expect(moved.body.url == "https://hooks.example.com/other" && moved.etag != made.etag)
            let rotated = try await client.send(
                API.RotateWebhookSecret.self, .init(webhookEndpointID: id), ifMatch: moved.etag)
            #expect(rotated.body.secret != nil && rotated.body.secret != made.body.secret)
            #expect(rotated.body.previousSecretUntil != nil)
            let listed = try await client.send(API.ListWebhookEndpoints.self).body.items
            #expect(listed.map(\.id) == [id] && listed.map(\.secret) == [nil])

            let removal = API.DeleteWebhookEndpoint.Parameters(webhookEndpointID: id)
            let stale = await problem {
                _ = try await client.send(API.DeleteWebhookEndpoint.self, removal, ifMatch: made.etag)
            }
            #expect(stale?.status == 412)
            #expect(
                try await client.send(API.DeleteWebhookEndpoint.self, removal, ifMatch: rotated.etag)
                    == .noContent)
            #expect(try await client.send(API.ListWebhookEndpoints.self).body.items.isEmpty)
        }
    }

    @Test func aWebhookIsTriedAndEnabledAgain() async throws {
        try await withNotifications { it in
            let client = it.client()
            try await it.register()
            let id = try await client.send(
                API.CreateWebhookEndpoint.self, body: .init(url: "https://hooks.example.com/grove")
            ).body.id
            let tried = try await client.send(API.TestWebhookEndpoint.self, .init(webhookEndpointID: id))
            #expect(tried.body.type == "webhook.test" && tried.body.status == .known(.pending))
            try await reach(2...4, it)
            var deliveries: [API.WebhookDelivery] = []
            let list = client.pages(
                API.ListWebhookDeliveries.self, .init(webhookEndpointID: id, limit: 3))
            for try await page in list { deliveries += page.body.items }
            #expect(deliveries.count == 4 && deliveries.last == tried.body)

            try await it.test.owner.script(
                """
                UPDATE notifications.webhook_endpoints
                SET consecutive_failures = 20, disabled_at = now(), disabled_reason = 'It did not answer.',
                    revision = revision + 1
                """)
            let disabled = try await client.send(API.FindWebhookEndpoint.self, .init(webhookEndpointID: id))
            #expect(!disabled.body.enabled && disabled.body.disabledReason == "It did not answer.")
            let enabled = try await client.send(
                API.EnableWebhookEndpoint.self, .init(webhookEndpointID: id), ifMatch: disabled.etag)
            #expect(enabled.body.enabled && enabled.body.consecutiveFailures == 0)
        }
    }
}
