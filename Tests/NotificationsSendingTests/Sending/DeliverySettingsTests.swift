import DatabaseClient
import Foundation
import GroveTesting
import SharedTypes
import Testing

@testable import Mail
@testable import Notifications

@Suite struct DeliverySettingsTests {
    /// A lease, and with it a trial, outlasts the attempt that it is for.
    @Test func aLeaseOutlastsEveryAttempt() throws {
        let longest = [DeliverySettings.longestAttemptSeconds, Int(try MailServer.standardTimeout())].max()
        #expect(longest == 75)
        #expect(DeliverySettings.leaseRange == 90...3_600)
        #expect(DeliverySettings.leaseRange.contains(Int(DeliverySettings().leaseSeconds)))
    }

    /// Of an endpoint whose pause is over one message tries, until its lease ends.
    @Test func aTrialLastsAsLongAsItsLease() async throws {
        let server = try await WebhookServer.start()
        try await SendingTest.with { world in
            let user = try await world.addUser()
            try await world.prefer(user, .gamification, .email, isEnabled: false)
            _ = try await world.addEndpoint(user, server.url("/hang"))
            try await world.reach(1, user)
            try await world.test.owner.script(
                "UPDATE notifications.webhook_endpoints SET consecutive_failures = 3, retry_at = '2026-01-01'"
            )
            let process = try world.process(webhooks: server.settings(timeoutSeconds: 20))
            try await process.running {
                try await eventually("the trial hangs") { !server.received.isEmpty }
                #expect(try await world.endpoints(user).first?.retryAt == world.clock.now + 120)
                await server.stop()
            }
        }
    }
}

extension MailServer {
    /// What one mail may take where nothing else is said.
    fileprivate static func standardTimeout() throws -> Double {
        Double(
            try MailSettings(url: "smtp://127.0.0.1:25", sender: try MailAddress(parsing: "a@b.example"))
                .timeoutSeconds)
    }
}
