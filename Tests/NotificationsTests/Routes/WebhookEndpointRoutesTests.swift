import Crypto
import DatabaseClient
import ExactTypes
import Foundation
import GroveTesting
import ServiceKit
import SharedTypes
import StrictJSON
import Testing

@testable import Notifications

@Suite struct WebhookEndpointRoutesTests {
    private let path = "/v1/webhook-endpoints"

    private func create(
        _ it: NotificationsServer, _ url: String = "https://hooks.example.com/grove", key: String? = nil
    ) async throws -> TestClient.Answer {
        try await it.send(
            "POST", path, headers: key.map { ["Idempotency-Key": $0] } ?? [:], json: #"{"url": "\#(url)"}"#)
    }

    @Test func theSecretIsShownOnceAndLiesSealed() async throws {
        try await withNotifications { it in
            let created = try await create(it)
            #expect(created.status == 201, "\(created.text)")
            let secret = try created.text("secret")
            #expect(secret.hasPrefix("whsec_"))
            #expect(Data(base64Encoded: String(secret.dropFirst(6)))?.count == 32)
            let place = try #require(created.headers["location"])
            let found = try await it.send("GET", place)
            #expect(found.status == 200)
            #expect(found.json["secret"] == nil)
            #expect(try await it.list(path).allSatisfy { $0["secret"] == nil })
            // Neither the row nor the kept answer of the request holds it.
            #expect(try await it.count("notifications.webhook_endpoints") == 1)
            let kept = try await it.text(
                "SELECT convert_from(response_body, 'UTF8') FROM platform.idempotency_keys")
            #expect(!kept.contains("secret"))
            // The sealed one opens, under its own id only.
            let secrets = try NotificationsConfiguration.forTests.webhookSecrets
            let id = try #require(WebhookEndpoint.ID(try created.text("id")))
            let scope = it.database.acting(as: it.ada.id.uuid)
            let row = try #require(
                try await scope.findWebhookEndpoint(userID: it.ada.id, webhookEndpointID: id))
            #expect(WebhookSecrets.text(try secrets.open(row.sealedSecret, of: id)) == secret)
            #expect(throws: WebhookSecrets.WrongSealingKey.self) {
                try secrets.open(row.sealedSecret, of: .version7(at: Date()))
            }
            #expect(throws: WebhookSecrets.WrongSealingKey.self) {
                try WebhookSecrets(sealingKey: SymmetricKey(size: .bits256)).open(row.sealedSecret, of: id)
            }
        }
    }

    @Test func aRepetitionMakesNoSecondAndStillHasTheSecret() async throws {
        try await withNotifications { it in
            let first = try await create(it, key: "once")
            let again = try await create(it, key: "once")
            #expect(again.status == 201)
            #expect(again.headers["idempotency-replayed"] == "true")
            #expect(try again.text("secret") == first.text("secret"))
            #expect(try await it.count("notifications.webhook_endpoints") == 1)
            let taken = try await create(it)
            #expect(taken.status == 409)
            #expect(try taken.text("type").hasSuffix("endpoint-taken"))
        }
    }

    @Test(arguments: [
        "http://example.com/hook", "ftp://example.com", "https://", "https:///hook",
        "https://ada:pw@example.com/",
        "https://example.com/#part", "https://exa mple.com/", "example.com",
        "https://example.com:0/", "https://example.com:65536/", "https://example.com:99999/",
        "https://example.com:-1/", "https://example.com:99999999999999999999/", "https://example.com:x/",
        "https://[fe80::1%25eth0]/", "https://[::1", "https://[1.2.3.4]/", "https://example..com/",
        "https://.example.com/", "https://example.com./", "https://ex%61mple.com/",
        "https://münchen.example/", "https://xn--mnchen-3ya.example/",
        "https://under_score.example/", "https://-a.example/", "https://²²²²/",
    ])
    func onlyAnHttpsAddressIsTaken(url: String) async throws {
        try await withNotifications { it in
            let answer = try await create(it, url)
            #expect(answer.status == 422)
            #expect(try answer.text("field") == "url")
        }
    }

    @Test(arguments: [
        "https://example.com:1/", "https://example.com:65535/hook?a=b",
        "https://[2606:4700:4700::1111]:8443/",
        "https://8.8.8.8/", "https://EXAMPLE.com",
    ])
    func anAddressThatCanBeReachedIsTaken(url: String) async throws {
        try await withNotifications { it in
            let answer = try await create(it, url)
            #expect(answer.status == 201, "\(answer.text)")
        }
    }

    /// What no message can ever reach is said when it is entered, and not by a failure a day later.
    @Test(arguments: [
        "https://localhost/", "https://api.localhost/", "https://127.0.0.1:8443/", "https://[::1]/",
        "https://10.0.0.8/hook", "https://0x7f.1/", "https://2130706433/", "https://169.254.169.254/latest",
        "https://[fd00::1]/", "https://intranet/", "https://printer.local/", "https://db.internal/",
        "https://hook.test/", "https://router.home.arpa/", "https://grove.example/",
    ])
    func anAddressThatCanNeverBeReachedIsRefused(url: String) async throws {
        try await withNotifications { it in
            let answer = try await create(it, url)
            #expect(answer.status == 422)
            #expect(try answer.text("field") == "url")
            #expect(try answer.text("detail").contains("can never be reached"), "\(answer.text)")
            let place = try #require(try await create(it).headers["location"])
            #expect(try await it.send("PATCH", place, json: #"{"url": "\#(url)"}"#).status == 422)
        }
    }

    @Test func aTestGoesToTheEndpointAloneOneAtATime() async throws {
        try await withNotifications { it in
            try await it.register()
            let place = try #require(try await create(it).headers["location"])
            _ = try await create(it, "https://example.com/other")
            let sent = try await it.send("POST", "\(place)/test", headers: ["Idempotency-Key": "once"])
            #expect(sent.status == 201, "\(sent.text)")
            #expect(sent.json["type"] == .string("webhook.test") && sent.json["status"] == .string("pending"))
            #expect(
                try await it.send("POST", "\(place)/test", headers: ["Idempotency-Key": "once"]).text
                    == sent.text)
            let second = try await it.send("POST", "\(place)/test")
            #expect(second.status == 409)
            #expect(try second.text("type").hasSuffix("test-under-way"))
            // No inbox, no mail, no other endpoint.
            #expect(try await it.list().isEmpty)
            #expect(try await it.count("notifications.notification_deliveries") == 0)
            #expect(try await it.count("notifications.webhook_deliveries") == 1)
            try await it.test.owner.script(
                "UPDATE notifications.webhook_endpoints SET disabled_at = now(), disabled_reason = 'Dead.'")
            let dead = try await it.send("POST", "\(place)/test")
            #expect(try dead.text("type").hasSuffix("endpoint-disabled"))
            #expect(try await it.send("POST", "\(place)/test", as: it.eve).status == 404)
        }
    }

    @Test func deliveriesAreListedTheLatestFirst() async throws {
        try await withNotifications { it in
            let place = try #require(try await create(it).headers["location"])
            for level in 2...5 { try await it.tell(level: level) }
            try await it.test.owner.script(
                """
                UPDATE notifications.webhook_deliveries
                SET status = 'failed', next_attempt_at = NULL, attempts = 8, error = 'the endpoint answered 500'
                WHERE notification_id = (SELECT id FROM notifications.notifications ORDER BY id LIMIT 1)
                """)
            let first = try await it.send("GET", "\(place)/deliveries?limit=3")
            #expect(first.status == 200, "\(first.text)")
            let items = first.json["items"]?.elements ?? []
            #expect(items.map { $0["status"] } == Array(repeating: .string("pending"), count: 3))
            let ids = items.compactMap { $0["notification_id"]?.string }
            #expect(ids == ids.sorted().reversed())
            let next = try first.text("next")
            let last = try await it.send("GET", "\(place)/deliveries?limit=3&after=\(next)")
            let failed = try #require(last.json["items"]?.elements.first)
            #expect(last.json["items"]?.elements.count == 1 && last.json["next"] == .null)
            #expect(
                failed["error"] == .string("the endpoint answered 500") && failed["attempts"] == .number(8))
            #expect(failed["type"] == .string("level.reached"))
            #expect(try await it.send("GET", "\(place)/deliveries", as: it.eve).status == 404)
        }
    }

    @Test func thereAreTenAtMost() async throws {
        try await withNotifications { it in
            for number in 1...10 {
                #expect(try await create(it, "https://example.com/\(number)").status == 201)
            }
            let eleventh = try await create(it, "https://example.com/11")
            #expect(eleventh.status == 409)
            #expect(try eleventh.text("type").hasSuffix("too-many-endpoints"))
        }
    }

    @Test func aDeadOneIsSwitchedOnAgain() async throws {
        try await withNotifications { it in
            let place = try #require(try await create(it).headers["location"])
            try await it.test.owner.script(
                """
                UPDATE notifications.webhook_endpoints
                SET consecutive_failures = 20, disabled_at = now(), disabled_reason = 'It did not answer.',
                    revision = revision + 1
                """)
            #expect(try await it.send("GET", place).json["enabled"] == .bool(false))
            let enabled = try await it.send("POST", "\(place)/enable")
            #expect(enabled.status == 200)
            #expect(enabled.json["enabled"] == .bool(true))
            #expect(enabled.json["consecutive_failures"] == .number(0))
            #expect(enabled.json["secret"] == nil)
        }
    }

    @Test func itMovesGetsAnotherSecretAndGoes() async throws {
        try await withNotifications { it in
            let created = try await create(it)
            let place = try #require(created.headers["location"])
            let moved = try await it.send(
                "PATCH", place, headers: ["If-Match": "\"1\""], json: #"{"url": "https://example.com/new"}"#)
            #expect(try moved.text("url") == "https://example.com/new")
            let stale = try await it.send(
                "PATCH", place, headers: ["If-Match": "\"1\""], json: #"{"url": "https://example.com/newer"}"#
            )
            #expect(stale.status == 412)
            let rotated = try await it.send("POST", "\(place)/rotate-secret")
            #expect(rotated.status == 200)
            #expect(try rotated.text("secret") != created.text("secret"))
            #expect(rotated.json["previous_secret_until"] != nil)
            #expect(try await it.send("DELETE", place, headers: ["If-Match": "\"1\""]).status == 412)
            #expect(try await it.send("DELETE", place).status == 204)
            #expect(try await it.send("GET", place).status == 404)
        }
    }

    @Test func nobodyReachesAnothers() async throws {
        try await withNotifications { it in
            let place = try #require(try await create(it).headers["location"])
            #expect(try await it.send("GET", place, as: it.eve).status == 404)
            #expect(try await it.send("DELETE", place, as: it.eve).status == 404)
            #expect(try await it.send("POST", "\(place)/enable", as: it.eve).status == 404)
            #expect(try await it.send("POST", "\(place)/rotate-secret", as: it.eve).status == 404)
            #expect(
                try await it.send("PATCH", place, as: it.eve, json: #"{"url": "https://evil.example"}"#)
                    .status
                    == 404)
            #expect(try await it.list(path, as: it.eve).isEmpty)
            #expect(try await it.count("notifications.webhook_endpoints") == 1)
        }
    }
}
