import DatabaseClient
import ExactTypes
import Foundation
import GroveTesting
import SharedTypes
import Testing

@testable import Notifications

/// Two transactions on what one user has, in the order that would let each wait for the other: the one that waits longest
/// looks for a deadlock after ten milliseconds here, and would be ended with 40P01.
@Suite struct LockOrderTests {
    /// Runs the body in a transaction that holds the inbox's lock, as each use case does that writes several rows.
    private func holdingTheInbox(
        of user: User.ID, in world: SendingTest, _ body: (DatabaseTransaction) async throws -> Void
    ) async throws {
        // Only a superuser may choose how soon a deadlock is looked for.
        let root = world.test.database(role: "postgres")
        let impatient = Statement(
            name: "impatient", sql: "SELECT set_config('deadlock_timeout', '10ms', true)", access: .write)
        try await root.transaction(as: user.uuid) { transaction in
            _ = try await transaction.execute(impatient, Parameters())
            try await transaction.lockInbox(userID: user)
            try await body(transaction)
        }
    }

    private func waitsForALock(_ world: SendingTest) async throws -> Bool {
        try await world.test.owner.query(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        ).one { try $0.int(0) } == 1
    }

    /// The outcome of a webhook is noted while its owner changes the endpoint.
    @Test func notingAnOutcomeMeetsAChange() async throws {
        let server = try await WebhookServer.start()
        try await SendingTest.with { world in
            let user = try await world.addUser()
            try await world.prefer(user, .gamification, .email, isEnabled: false)
            let endpoint = try await world.addEndpoint(user, server.url("/hang"))
            try await world.reach(1, user)
            let settings = DeliverySettings(
                pollInterval: .milliseconds(50), retrySeconds: [60], deadEndpointFailures: 1,
                deadEndpointSeconds: 0)
            let process = try world.process(
                webhooks: server.settings(timeoutSeconds: 600), settings: settings)
            let principal = try await world.principal(user)
            try await process.running {
                try await eventually("the webhook hangs") { !server.received.isEmpty }
                try await holdingTheInbox(of: user, in: world) { transaction in
                    // The endpoint fails, and is to be switched off with a notice.
                    await server.stop()
                    try await eventually("the outcome waits") { try await waitsForALock(world) }
                    _ = try await changeWebhookEndpoint(
                        endpoint.id, .secret, of: principal, with: world.rules, in: transaction,
                        at: world.clock.now, check: { _ in })
                }
                try await eventually("the outcome is noted") {
                    try await world.endpoints(user).first?.disabledAt != nil
                }
            }
        }
    }

    /// A message is taken while its user's account is removed.
    @Test func takingAMessageMeetsARemoval() async throws {
        let server = try await WebhookServer.start()
        try await SendingTest.with { world in
            let user = try await world.addUser()
            try await world.prefer(user, .gamification, .email, isEnabled: false)
            _ = try await world.addEndpoint(user, server.url("/hook"))
            try await world.reach(1, user)
            try await world.test.owner.script(
                "UPDATE notifications.webhook_endpoints SET consecutive_failures = 3, retry_at = '2026-01-01'"
            )
            let process = try world.process(webhooks: server.settings())
            try await process.running {
                try await holdingTheInbox(of: user, in: world) { transaction in
                    let endpoint = try #require(try await world.endpoints(user).first)
                    // As a removal does: first the endpoint's row, and then those of its messages.
                    _ = try await transaction.disableWebhookEndpoint(
                        now: world.clock.now, disabledReason: "Removed.", userID: user,
                        webhookEndpointID: endpoint.id)
                    try await eventually("the sender waits") { try await waitsForALock(world) }
                    _ = try await transaction.deleteWebhookEndpoints(userID: user)
                }
            }
            #expect(try await world.deliveries(user, .webhook) == [])
            #expect(server.received.isEmpty)
        }
    }

    /// A digest that went out is marked while another process takes it for lost.
    @Test func markingADigestMeetsItsNextLease() async throws {
        try await SendingTest.with(["--slow-seconds", "1"]) { world in
            let user = try await world.addUser("slow")
            try await world.prefer(user, digest: .daily)
            try await world.reach(1, user)
            try world.clock.set("2026-01-11T07:00:00Z")
            let process = try world.process()
            let sending = Task { try await process.sender.sendDueDigests() }
            try await world.waitForMail(1)
            try await holdingTheInbox(of: user, in: world) { transaction in
                let open = try await transaction.listOpenDigests(
                    userID: user, day: CalendarDay(utc: world.clock.now))
                let digest = try #require(open.first)
                #expect(try await transaction.claimDigest(userID: user, digestID: digest) != nil)
                try await eventually("the mark waits") { try await waitsForALock(world) }
                _ = try await transaction.leaseDigestItems(
                    now: world.clock.now, userID: user, channel: .email, digestID: digest)
            }
            try await sending.value
            #expect(try await world.statuses(user) == ["sent"])
        }
    }
}
