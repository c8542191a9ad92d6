import Crypto
import DatabaseClient
import ExactTypes
import Foundation
import GroveTesting
import SharedTypes
import Testing

@testable import Notifications

/// What one user's endpoint does costs no other user anything: on real sockets, with servers that never answer.
@Suite struct FairSendingTests {
    /// Sixty of one user's webhooks at a server that says nothing, and then another user's mail and webhook.
    @Test func anEndpointThatHangsCostsItsOwnerAlone() async throws {
        let certificate = try await TestCertificate.make()
        let hanging = try await WebhookServer.start(certificate: certificate)
        let good = try await WebhookServer.start(certificate: certificate)
        try await SendingTest.with { world in
            let (slow, other) = (try await world.addUser(), try await world.addUser())
            try await world.prefer(slow, .gamification, .email, isEnabled: false)
            _ = try await world.addEndpoint(slow, hanging.url("/hang"))
            _ = try await world.addEndpoint(other, good.url("/hook"))
            for level in 1...60 { try await world.reach(level, slow) }
            let process = try world.process(webhooks: good.settings(timeoutSeconds: 600))
            try await process.running {
                try await eventually("the first webhook hangs") { !hanging.received.isEmpty }
                try await world.reach(2, other)
                try await eventually("the other's webhook") { good.received.count == 1 }
                try await world.waitForMail(1)
                // The first is still under way, and the others wait without a lease.
                #expect(hanging.received.count == 1)
                let waiting = try await world.deliveries(slow, .webhook)
                #expect(waiting.count { $0.attempts == 0 } == 59)
                #expect(waiting.count { $0.attempts == 1 && $0.status == "pending" } == 1)
                await hanging.stop()
            }
        }
    }

    /// Mail that hangs stops no webhook, and no other mail before all its turns are taken.
    @Test func aMailServerThatHangsStopsNoWebhook() async throws {
        let server = try await WebhookServer.start()
        try await SendingTest.with(["--slow-seconds", "600"]) { world in
            let (slow, other) = (try await world.addUser("slow"), try await world.addUser())
            _ = try await world.addEndpoint(other, server.url("/hook"))
            for level in 1...20 { try await world.reach(level, slow) }
            let process = try world.process(
                webhooks: server.settings(), mail: try world.mail.settings(timeoutSeconds: 600))
            try await process.running {
                // As many as a user may have under way.
                try await world.waitForMail(2)
                try await world.reach(2, other)
                try await eventually("the other's webhook") { server.received.count == 1 }
                try await world.waitForMail(3)
                #expect(world.mail.received.count == 3)
                await world.mail.stop()
            }
        }
    }

    /// After three failures all that is due to the endpoint waits, and when the pause is over one message tries.
    @Test func anEndpointThatFailsIsPausedForAllItsMessages() async throws {
        let server = try await WebhookServer.start()
        try await SendingTest.with { world in
            let user = try await world.addUser()
            try await world.prefer(user, .gamification, .email, isEnabled: false)
            let endpoint = try await world.addEndpoint(user, server.url("/status/500"))
            for level in 1...20 { try await world.reach(level, user) }
            let patient = DeliverySettings(
                pollInterval: .milliseconds(50), retrySeconds: [60, 300, 1_800], deadEndpointFailures: 100)
            let process = try world.process(webhooks: server.settings(), settings: patient)
            try await process.sender.sendDue()
            #expect(server.received.count == 3)
            let paused = try await world.endpoints(user)
            #expect(paused.map(\.retryAt) == [world.clock.now + 60])
            #expect(try await world.deliveries(user, .webhook).allSatisfy { $0.status == "pending" })
            world.clock.advance(60)
            try await process.sender.sendDue()
            #expect(server.received.count == 4)
            #expect(try await world.endpoints(user).map(\.retryAt) == [world.clock.now + 300])
            // It is well again: the one that tries finds out, and all follow.
            try await world.test.owner.script(
                "UPDATE notifications.webhook_endpoints SET url = '\(server.url("/hook"))' WHERE id = '\(endpoint.id)'"
            )
            world.clock.advance(1_800)
            try await process.sender.sendDue()
            #expect(try await world.statuses(user, .webhook) == Array(repeating: "sent", count: 20))
            #expect(try await world.endpoints(user).map(\.retryAt) == [nil])
            #expect(server.received.count == 24)
        }
    }

    /// One that is paused keeps no message from another endpoint of the same user.
    @Test func aPausedEndpointKeepsNoMessageFromTheOthers() async throws {
        let server = try await WebhookServer.start()
        try await SendingTest.with { world in
            let user = try await world.addUser()
            try await world.prefer(user, .gamification, .email, isEnabled: false)
            _ = try await world.addEndpoint(user, server.url("/status/500"))
            _ = try await world.addEndpoint(user, server.url("/hook"))
            for level in 1...10 { try await world.reach(level, user) }
            let patient = DeliverySettings(
                pollInterval: .milliseconds(50), retrySeconds: Array(repeating: 60, count: 10),
                deadEndpointFailures: 100)
            let process = try world.process(webhooks: server.settings(), settings: patient)
            try await process.sender.sendDue()
            #expect(server.received.count { $0.path == "/hook" } == 10)
            #expect(server.received.count { $0.path == "/status/500" } == 3)
            world.clock.advance(60)
            try await process.sender.sendDue()
            #expect(server.received.count { $0.path == "/hook" } == 10)
        }
    }

    /// A sealing key that does not open the endpoint's secret: the message ends with a reason, and so does the endpoint.
    @Test func aSecretThatDoesNotOpenEndsTheDelivery() async throws {
        let server = try await WebhookServer.start()
        try await SendingTest.with { world in
            let user = try await world.addUser()
            let endpoint = try await world.addEndpoint(user, server.url("/hook"))
            // The key was shown to be the right one before.
            let process = try world.process(webhooks: server.settings())
            try await proveSealingKey(
                of: world.secrets, on: process.database, worker: process.worker, at: world.clock.now)
            let foreign = try WebhookSecrets(sealingKey: SymmetricKey(size: .bits256)).seal(
                WebhookSecrets.make(), for: endpoint.id)
            try await world.test.owner.script(
                """
                UPDATE notifications.webhook_endpoints
                SET sealed_secret = '\\x\(foreign.map { String(format: "%02x", $0) }.joined())'
                """)
            try await world.reach(2, user)
            try await process.sender.sendDue()
            let ended = try await world.deliveries(user, .webhook)
            #expect(
                ended.first
                    == .init(
                        status: "failed", attempts: 1, nextAttemptAt: nil, error: "secret cannot be opened"))
            #expect(server.received.isEmpty)
            let row = try #require(try await world.endpoints(user).first)
            #expect(row.disabledReason == "its secret cannot be opened: make another one")
            let notices = try await world.test.owner.query(
                "SELECT template FROM notifications.notifications WHERE category = 'product'"
            ).many { try $0.text(0) }
            #expect(notices == ["webhook.secret_lost"])
        }
    }

    /// A service with another key stops before it sends anything.
    @Test func anotherSealingKeyStopsTheSender() async throws {
        try await SendingTest.with { world in
            let process = try world.process()
            try await proveSealingKey(
                of: world.secrets, on: process.database, worker: process.worker, at: world.clock.now)
            let other = DeliverySender(
                database: process.database, worker: process.worker, mail: nil, webhooks: WebhookSettings(),
                secrets: WebhookSecrets(sealingKey: SymmetricKey(size: .bits256)),
                settings: SendingTest.settings, logger: process.sender.logger)
            let error = await #expect(throws: WebhookSecrets.WrongSealingKey.self) {
                try await DeliveryService(other).run()
            }
            #expect(
                error?.description
                    == "NOTIFICATIONS_SEALING_KEY is not the key that sealed the webhooks' secrets in this database."
            )
        }
    }

    /// Every process that sent it died before it could mark it: it is not sent for ever.
    @Test func aMessageThatIsNeverMarkedEnds() async throws {
        try await SendingTest.with { world in
            let user = try await world.addUser()
            try await world.reach(2, user)
            try await world.test.owner.script(
                "UPDATE notifications.notification_deliveries SET attempts = 3 WHERE channel = 'email'")
            let process = try world.process()
            try await process.sender.sendDue()
            #expect(
                try await world.deliveries(user) == [
                    .init(
                        status: "failed", attempts: 3, nextAttemptAt: nil, error: "no attempt came to an end")
                ])
            #expect(world.mail.received.isEmpty)
        }
    }

    /// The mail of a suspended account is suppressed with a reason; what comes after it was reinstated goes out.
    @Test func nothingIsSentWhileAnAccountIsSuspended() async throws {
        let server = try await WebhookServer.start()
        try await SendingTest.with { world in
            let user = try await world.addUser()
            _ = try await world.addEndpoint(user, server.url("/hook"))
            try await world.reach(1, user)
            try await world.test.owner.script(
                "UPDATE users.users SET status = 'suspended' WHERE id = '\(user)'")
            try await world.reach(2, user)
            let process = try world.process(webhooks: server.settings())
            try await process.sender.sendDue()
            for channel in [NotificationChannel.email, .webhook] {
                let ended = try await world.deliveries(user, channel)
                #expect(ended.map(\.error) == Array(repeating: "the account is suspended", count: 2))
            }
            #expect(server.received.isEmpty && world.mail.received.isEmpty)
            try await world.test.owner.script("UPDATE users.users SET status = 'active' WHERE id = '\(user)'")
            try await world.reach(3, user)
            try await process.sender.sendDue()
            #expect(server.received.count == 1 && world.mail.received.count == 1)
        }
    }

    /// What is more than a hundred by a channel is collected, or suppressed with one notice a day.
    @Test func whatWaitsIsBounded() async throws {
        try await SendingTest.with { world in
            let user = try await world.addUser()
            _ = try await world.addEndpoint(user, "https://example.com/hook")
            for level in 1...105 { try await world.reach(level, user) }
            try await world.tell(user, .passwordChanged(at: world.clock.now), key: "password:1")
            let mails = try await world.deliveries(user)
            #expect(mails.count { $0.status == "pending" } == 101)
            // The five and the notice are collected; the password's mail goes at once.
            #expect(mails.count { $0.status == "deferred" } == 6)
            let hooks = try await world.deliveries(user, .webhook)
            #expect(hooks.count { $0.status == "pending" } == 101)
            #expect(
                hooks.count { $0.error == "too many messages wait for this channel" } == 6)
            let notices = try await world.test.owner.query(
                "SELECT count(*) FROM notifications.notifications WHERE template = 'webhook.overfull'"
            ).one { try $0.int(0) }
            #expect(notices == 1)
        }
    }

    /// A user's thousands of due messages take one place of a page, whatever the order of their times.
    @Test func aPageHoldsEachUserOnce() async throws {
        try await SendingTest.with { world in
            var users: [User.ID] = []
            for _ in 0..<3 { users.append(try await world.addUser()) }
            for user in users { try await world.reach(1, user) }
            for level in 2...40 { try await world.reach(level, users[0]) }
            let process = try world.process()
            let found = try await process.worker.listDueUsers(
                now: world.clock.now, channel: .email, afterUserID: .lowest, rowLimit: 2)
            let sorted = users.sorted()
            #expect(found == Array(sorted.prefix(2)))
            let rest = try await process.worker.listDueUsers(
                now: world.clock.now, channel: .email, afterUserID: found[1], rowLimit: 2)
            #expect(rest == Array(sorted.suffix(1)))
            #expect(
                try await process.worker.listDueUsers(
                    now: world.clock.now - 1, channel: .email, afterUserID: .lowest, rowLimit: 2
                ).isEmpty)
        }
    }
}
