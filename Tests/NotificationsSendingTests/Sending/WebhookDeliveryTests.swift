import Crypto
import DatabaseClient
import ExactTypes
import Foundation
import GroveTesting
import SharedTypes
import Testing

@testable import Notifications

/// Webhooks from the table to a real HTTPS server.
@Suite struct WebhookDeliveryTests {
    private func withServer(
        _ options: [String] = [],
        _ body: (SendingTest, WebhookServer, SendingTest.Process, User.ID) async throws -> Void
    ) async throws {
        let server = try await WebhookServer.start(options)
        try await SendingTest.with { world in
            let user = try await world.addUser()
            try await world.prefer(user, .gamification, .email, isEnabled: false)
            try await body(world, server, try world.process(webhooks: server.settings()), user)
        }
    }

    @Test func arrivesSignedWithTheEndpointsSecret() async throws {
        try await withServer { world, server, process, user in
            let endpoint = try await world.addEndpoint(user, server.url("/hook"))
            try await world.reach(3, user)
            try await process.sender.sendDue()
            let request = try #require(server.received.first)
            let id = try #require(request.headers["webhook-id"])
            #expect(id.hasPrefix("\(user)_") && id.hasSuffix("_webhook") && !id.contains("."))
            let timestamp = try #require(request.headers["webhook-timestamp"])
            let code = HMAC<SHA256>.authenticationCode(
                for: Data("\(id).\(timestamp).".utf8) + request.body,
                using: SymmetricKey(data: endpoint.secret))
            #expect(request.headers["webhook-signature"] == "v1,\(Data(code).base64EncodedString())")
            let text = String(decoding: request.body, as: UTF8.self)
            #expect(text.contains(#""type":"level.reached""#) && text.contains(#""level":3"#))
            let sent = try await world.statuses(user, .webhook)
            #expect(sent == ["sent"])
        }
    }

    /// One that is away makes no other hear everything again.
    @Test func triesOnlyWhoDidNotTakeIt() async throws {
        try await withServer { world, server, process, user in
            _ = try await world.addEndpoint(user, server.url("/good"))
            _ = try await world.addEndpoint(user, server.url("/status/500"))
            try await world.reach(3, user)
            try await process.sender.sendDue()
            let waiting = try await world.deliveries(user, .webhook)
            #expect(waiting.map(\.status) == ["pending"])
            #expect(waiting.map(\.error) == ["the endpoint answered 500"])
            world.clock.advance(60)
            try await process.sender.sendDue()
            let paths = server.received.map(\.path).sorted()
            #expect(paths == ["/good", "/status/500", "/status/500"])
            #expect(Set(server.received.compactMap { $0.headers["webhook-id"] }).count == 1)
        }
    }

    @Test func aDeadEndpointIsSwitchedOffWithOneNotice() async throws {
        try await withServer { world, server, process, user in
            let dead = try await world.addEndpoint(user, server.url("/status/500"))
            for level in 1...5 { try await world.reach(level, user) }
            for _ in 0..<4 {
                try await process.sender.sendDue()
                world.clock.advance(400)
            }
            let rows = try await world.database.acting(as: user.uuid).listWebhookEndpoints(
                userID: user, afterID: WebhookEndpoint.ID.version7(at: Date(timeIntervalSince1970: 0)),
                rowLimit: 10)
            #expect(rows.map(\.id) == [dead.id])
            #expect(rows.first?.disabledAt != nil)
            #expect(rows.first?.disabledReason?.hasSuffix("the last: the endpoint answered 500") == true)
            let notices = try await world.test.owner.query(
                "SELECT count(*) FROM notifications.notifications WHERE template = 'webhook.disabled'"
            ).one { try $0.int(0) }
            #expect(notices == 1)
            // The notice goes by mail, and nothing waits for the endpoint any more.
            #expect(world.mail.received.count == 1)
            let statuses = Set(try await world.statuses(user, .webhook))
            #expect(statuses.isSubset(of: ["failed", "suppressed"]))
            let before = server.received.count
            try await world.reach(9, user)
            try await process.sender.sendDue()
            #expect(server.received.count == before)
        }
    }

    /// The last attempt failed at one endpoint, and another had taken the message at the first.
    @Test func whatSomeEndpointTookHasNotFailed() async throws {
        try await withServer { world, server, _, user in
            let patient = DeliverySettings(
                pollInterval: .milliseconds(50), retrySeconds: [60, 300], deadEndpointFailures: 100)
            let process = try world.process(webhooks: server.settings(), settings: patient)
            _ = try await world.addEndpoint(user, server.url("/good"))
            _ = try await world.addEndpoint(user, server.url("/status/500"))
            try await world.reach(3, user)
            for pause in [60.0, 300, 0] {
                try await process.sender.sendDue()
                world.clock.advance(pause)
            }
            #expect(server.received.count { $0.path == "/status/500" } == 3)
            #expect(try await world.statuses(user, .webhook) == ["sent"])
        }
    }

    /// The same where the processes that made the other attempts died.
    @Test func whatSomeEndpointTookHasNotFailedWhoeverDied() async throws {
        try await withServer { world, server, process, user in
            _ = try await world.addEndpoint(user, server.url("/good"))
            _ = try await world.addEndpoint(user, server.url("/status/500"))
            try await world.reach(3, user)
            try await process.sender.sendDue()
            try await world.test.owner.script(
                "UPDATE notifications.notification_deliveries SET attempts = 3 WHERE channel = 'webhook'")
            world.clock.advance(60)
            try await process.sender.sendDue()
            #expect(try await world.statuses(user, .webhook) == ["sent"])
        }
    }

    @Test func whoSaysGoneIsSwitchedOffAtOnce() async throws {
        try await withServer { world, server, process, user in
            _ = try await world.addEndpoint(user, server.url("/status/410"))
            try await world.reach(3, user)
            try await process.sender.sendDue()
            let live = try await world.database.acting(as: user.uuid)
                .listLiveWebhookEndpoints(userID: user, rowLimit: 10)
            #expect(live.isEmpty)
            let statuses = try await world.deliveries(user, .webhook)
            #expect(statuses.map(\.error).contains("no endpoint took it"))
        }
    }

    /// A server that fails every second time, and several senders: each message is taken, and counts once.
    @Test func nothingIsLostOnAFlakyServer() async throws {
        try await withServer(["--flaky"]) { world, server, process, user in
            _ = try await world.addEndpoint(user, server.url("/hook"))
            for level in 1...12 { try await world.reach(level, user) }
            let patient = DeliverySettings(
                leaseSeconds: 120, retrySeconds: Array(repeating: 60, count: 20), deadEndpointFailures: 1_000)
            let other = try world.process(webhooks: server.settings(), settings: patient)
            let third = try world.process(webhooks: server.settings(), settings: patient)
            for _ in 0..<15 {
                async let first: Void = other.sender.sendDue()
                async let second: Void = third.sender.sendDue()
                _ = try await (first, second)
                world.clock.advance(60)
            }
            let statuses = try await world.statuses(user, .webhook)
            #expect(statuses == Array(repeating: "sent", count: 12))
            #expect(Set(server.received.compactMap { $0.headers["webhook-id"] }).count == 12)
        }
    }

    @Test func aPrivateAddressIsNeverAsked() async throws {
        try await withServer { world, server, _, user in
            _ = try await world.addEndpoint(user, server.url("/hook"))
            try await world.reach(3, user)
            let guarded = try world.process(
                webhooks: WebhookSettings(certificates: server.certificate.certificate))
            try await guarded.sender.sendDue()
            #expect(server.received.isEmpty)
            let errors = try await world.deliveries(user, .webhook).map(\.error)
            #expect(errors == ["the host's address is not public"])
        }
    }
}
