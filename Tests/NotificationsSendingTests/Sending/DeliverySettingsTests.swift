import DatabaseClient
import ExactTypes
import Foundation
import GroveTesting
import SharedTypes
import Testing

@testable import Mail
@testable import Notifications

@Suite struct DeliverySettingsTests {
    /// A lease outlasts the attempt that it is for.
    @Test func aLeaseOutlastsEveryAttempt() throws {
        let mail = try MailSettings(
            url: "smtp://127.0.0.1:25", sender: try MailAddress(parsing: "a@b.example"))
        let longest = max(mail.timeoutSeconds, WebhookSettings.standardTimeoutSeconds)
        #expect(longest == 30)
        #expect(DeliverySettings.leaseRange.lowerBound > 2 * longest)
        #expect(DeliverySettings.leaseRange.contains(Int(DeliverySettings().leaseSeconds)))
    }

    /// Of an endpoint whose pause is over one message tries, in one process, until its lease ends.
    @Test func oneMessageTriesWhenAPauseIsOver() async throws {
        let server = try await WebhookServer.start()
        try await SendingTest.with { world in
            let user = try await world.addUser()
            try await world.prefer(user, .gamification, .email, isEnabled: false)
            _ = try await world.addEndpoint(user, server.url("/hang"))
            for level in 1...5 { try await world.reach(level, user) }
            try await world.test.owner.script(
                "UPDATE notifications.webhook_endpoints SET consecutive_failures = 3, retry_at = '2026-01-01'"
            )
            let settings = server.settings(timeoutSeconds: 600)
            let (process, other) = (
                try world.process(webhooks: settings), try world.process(webhooks: settings)
            )
            try await process.running {
                try await eventually("one hangs") { !server.received.isEmpty }
                try await other.running {
                    // Its first turns find nothing that they may take.
                    let idle = try await SendWebhook(sender: other.sender, userID: user).send(
                        at: HostPlaces(
                            DeliveryLane(
                                .webhooks, limits: DeliverySettings.webhookTurns, sender: other.sender)),
                        foundMore: {})
                    #expect(idle == .idle)
                    #expect(server.received.count == 1)
                    await server.stop()
                }
            }
        }
    }
}
