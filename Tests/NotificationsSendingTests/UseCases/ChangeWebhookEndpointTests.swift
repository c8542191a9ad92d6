import DatabaseClient
import ExactTypes
import Foundation
import GroveTesting
import SharedTypes
import Testing

@testable import Notifications

/// What waited for an endpoint goes when the endpoint is switched on again, and not when a pause would have ended.
@Suite struct ChangeWebhookEndpointTests {
    private func change(
        _ id: WebhookEndpoint.ID, _ change: WebhookEndpointChange, of user: User.ID, in world: SendingTest
    ) async throws {
        let principal = try await world.principal(user)
        _ = try await world.database.transaction(as: user.uuid) {
            try await changeWebhookEndpoint(
                id, change, of: principal, with: world.rules, in: $0, at: world.clock.now,
                check: { _ in })
        }
    }

    /// An endpoint that was paused with five messages due; the clock stands still.
    private func withPausedEndpoint(
        _ body: (SendingTest, WebhookServer, SendingTest.Process, User.ID, WebhookEndpoint.ID) async throws
            -> Void
    ) async throws {
        let server = try await WebhookServer.start()
        try await SendingTest.with { world in
            let user = try await world.addUser()
            try await world.prefer(user, .gamification, .email, isEnabled: false)
            let endpoint = try await world.addEndpoint(user, server.url("/status/500"))
            for level in 1...5 { try await world.reach(level, user) }
            let patient = DeliverySettings(
                pollInterval: .milliseconds(50), retrySeconds: [60, 300, 1_800], deadEndpointFailures: 100)
            let process = try world.process(webhooks: server.settings(), settings: patient)
            try await process.sender.sendDue()
            try #require(server.received.count == 3)
            try #require(try await world.endpoints(user).first?.retryAt != nil)
            try await body(world, server, process, user, endpoint.id)
        }
    }

    @Test func whatWaitedGoesToTheNewAddressAtOnce() async throws {
        try await withPausedEndpoint { world, server, process, user, endpoint in
            try await change(endpoint, .address(server.url("/hook")), of: user, in: world)
            try await process.sender.sendDue()
            #expect(server.received.count { $0.path == "/hook" } == 5)
            #expect(try await world.statuses(user, .webhook) == Array(repeating: "sent", count: 5))
        }
    }

    @Test func whatWaitedIsTriedWhenThePauseIsEndedByHand() async throws {
        try await withPausedEndpoint { world, server, process, user, endpoint in
            try await change(endpoint, .enable, of: user, in: world)
            try await process.sender.sendDue()
            // Three more, and the next pause.
            #expect(server.received.count == 6)
        }
    }

    /// What is on its way is not sent a second time beside itself, and what waits for another endpoint goes on waiting.
    @Test func whatIsBeingSentIsLeftAlone() async throws {
        try await withPausedEndpoint { world, server, process, user, _ in
            try await world.test.owner.script(
                "UPDATE notifications.webhook_endpoints SET retry_at = '2026-02-01';"
                    + "UPDATE notifications.webhook_deliveries SET next_attempt_at = '2026-02-01'")
            let slow = try await world.addEndpoint(user, server.url("/hang"))
            try await world.reach(6, user)
            let patient = try world.process(webhooks: server.settings(timeoutSeconds: 600))
            try await patient.running {
                try await eventually("a message hangs") {
                    server.received.contains { $0.path == "/hang" }
                }
                try await world.test.owner.script(
                    "UPDATE notifications.webhook_endpoints SET retry_at = '2026-02-01'")
                try await world.reach(7, user)
                try await change(slow.id, .secret, of: user, in: world)
                let moments = try await world.deliveries(user, .webhook).compactMap(\.nextAttemptAt)
                let later = try moment("2026-02-01T00:00:00Z")
                #expect(
                    Dictionary(grouping: moments, by: \.self).mapValues(\.count) == [
                        later: 7, world.clock.now + 120: 1, world.clock.now: 1,
                    ])
                await server.stop()
            }
        }
    }
}
