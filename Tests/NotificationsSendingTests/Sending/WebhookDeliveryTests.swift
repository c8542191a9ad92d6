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

    /// One dead and one living endpoint: each message goes once to the one that lives, however often the other is tried.
    @Test func aDeadEndpointMakesNoOtherTakeAnythingAgain() async throws {
        try await withServer { world, server, _, user in
            let patient = DeliverySettings(
                pollInterval: .milliseconds(50), retrySeconds: [60, 300], deadEndpointFailures: 100)
            let process = try world.process(webhooks: server.settings(), settings: patient)
            _ = try await world.addEndpoint(user, server.url("/living"))
            _ = try await world.addEndpoint(user, server.url("/status/500"))
            try await world.reach(3, user)
            try await process.sender.sendDue()
            var rows = try await world.deliveries(user, .webhook)
            #expect(Set(rows.map(\.status)) == ["sent", "pending"])
            #expect(rows.compactMap(\.error) == ["the endpoint answered 500"])
            for pause in [60.0, 300] {
                world.clock.advance(pause)
                try await process.sender.sendDue()
            }
            let calls = Dictionary(grouping: server.received, by: \.path).mapValues(\.count)
            #expect(calls == ["/living": 1, "/status/500": 3])
            #expect(Set(server.received.compactMap { $0.headers["webhook-id"] }).count == 1)
            // What one took was sent, though the other never takes it.
            rows = try await world.deliveries(user, .webhook)
            #expect(Set(rows.map(\.status)) == ["sent", "failed"])
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

    @Test func whoSaysGoneIsSwitchedOffAtOnce() async throws {
        try await withServer { world, server, process, user in
            _ = try await world.addEndpoint(user, server.url("/status/410"))
            try await world.reach(3, user)
            try await process.sender.sendDue()
            let live = try await world.database.acting(as: user.uuid)
                .listLiveWebhookEndpoints(userID: user, rowLimit: 10)
            #expect(live.isEmpty)
            let statuses = try await world.deliveries(user, .webhook)
            #expect(statuses.map(\.error) == ["the endpoint answered 410"])
        }
    }

    /// What svix/svix-webhooks#2200 reported of another sender: a receiver's Retry-After was ignored.
    @Test func waitsForAsLongAsAReceiverAsks() async throws {
        try await withServer { world, server, _, user in
            let settings = DeliverySettings(
                pollInterval: .milliseconds(50), retrySeconds: [60, 300, 300], deadEndpointFailures: 100)
            let process = try world.process(webhooks: server.settings(), settings: settings)
            _ = try await world.addEndpoint(user, server.url("/retry-after/429/7200"))
            for level in 1...3 { try await world.reach(level, user) }
            let start = world.clock.now
            try await process.sender.sendDue()
            #expect(server.received.count == 1)
            // All that waits for the endpoint waits, and not only what it refused.
            #expect(
                try await world.deliveries(user, .webhook).map(\.nextAttemptAt)
                    == Array(repeating: start + 7_200, count: 3))
            world.clock.advance(7_199)
            try await process.sender.sendDue()
            #expect(server.received.count == 1)
            world.clock.advance(1)
            try await process.sender.sendDue()
            #expect(server.received.count == 2)
        }
    }

    /// A pause of a year is kept for a day, one of less than our own changes nothing, and neither does nonsense.
    @Test(arguments: [
        ("31536000", 86_400.0), ("5", 60), ("soon", 60), ("Sat, 10 Jan 2026 14:00:00 GMT", 7_200),
    ])
    func aPauseIsBounded(header: String, seconds: TimeInterval) async throws {
        try await withServer { world, server, process, user in
            let path = header.replacing(" ", with: "%20").replacing(",", with: "%2C").replacing(
                ":", with: "%3A")
            _ = try await world.addEndpoint(user, server.url("/retry-after/503/\(path)"))
            try await world.reach(1, user)
            let start = world.clock.now
            try await process.sender.sendDue()
            #expect(try await world.deliveries(user, .webhook).map(\.nextAttemptAt) == [start + seconds])
        }
    }

    /// What resend/resend-openapi#113 reported of another sender: a secret was replaced without an overlap.
    @Test func bothSecretsSignForADayAfterARotation() async throws {
        try await withServer { world, server, process, user in
            let endpoint = try await world.addEndpoint(user, server.url("/hook"))
            let principal = try await world.principal(user)
            func rotate() async throws -> [UInt8] {
                let row = try await world.database.transaction(as: user.uuid) {
                    try await changeWebhookEndpoint(
                        endpoint.id, .secret, of: principal, with: world.rules, in: $0, at: world.clock.now,
                        check: { _ in })
                }
                return try world.secrets.open(row.sealedSecret, of: row.id)
            }
            /// Which of the secrets sign what comes next.
            func signing(_ level: Int, _ secrets: [[UInt8]]) async throws -> [Int] {
                try await world.reach(level, user)
                try await process.sender.sendDue()
                let request = try #require(server.received.last)
                let id = try #require(request.headers["webhook-id"])
                let timestamp = try #require(request.headers["webhook-timestamp"])
                let signatures = try #require(request.headers["webhook-signature"]).split(separator: " ")
                let expected = secrets.map { secret in
                    let code = HMAC<SHA256>.authenticationCode(
                        for: Data("\(id).\(timestamp).".utf8) + request.body,
                        using: SymmetricKey(data: secret))
                    return "v1,\(Data(code).base64EncodedString())"
                }
                return signatures.map { signature in expected.firstIndex(of: String(signature)) ?? -1 }
            }
            let first = endpoint.secret
            #expect(try await signing(1, [first]) == [0])
            let second = try await rotate()
            #expect(try await signing(2, [first, second]) == [1, 0])
            // A change of something else ends no overlap.
            _ = try await world.database.transaction(as: user.uuid) {
                try await changeWebhookEndpoint(
                    endpoint.id, .address(server.url("/other")), of: principal, with: world.rules, in: $0,
                    at: world.clock.now, check: { _ in })
            }
            world.clock.advance(86_399)
            #expect(try await signing(3, [first, second]) == [1, 0])
            world.clock.advance(1)
            #expect(try await signing(4, [first, second]) == [1])
            // Two sign at most: a second rotation ends the oldest at once.
            let third = try await rotate()
            let fourth = try await rotate()
            #expect(try await signing(5, [second, third, fourth]) == [2, 1])
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
