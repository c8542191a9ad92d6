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
