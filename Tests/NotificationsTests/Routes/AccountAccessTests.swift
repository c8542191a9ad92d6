import DatabaseClient
import ExactTypes
import Foundation
import GroveTesting
import ServiceKit
import SharedTypes
import Testing

@testable import Notifications

/// What accounts that are not open, and tokens that outlived their session, may set up here: nothing.
@Suite struct AccountAccessTests {
    private static let endpoint = #"{"url": "https://hooks.example.com/grove"}"#
    private static let preference = "/v1/notification-preferences/gamification/email"

    /// What an account in this state may not do; a webhook of theirs is there already.
    private func refusals(_ it: NotificationsServer, place: String) async throws -> [TestClient.Answer] {
        [
            try await it.send("POST", "/v1/webhook-endpoints", json: Self.endpoint),
            try await it.send("PATCH", place, json: #"{"url": "https://evil.example.com/hook"}"#),
            try await it.send("POST", "\(place)/enable"),
            try await it.send("POST", "\(place)/rotate-secret"),
            try await it.send("POST", "\(place)/test"),
            try await it.send("PUT", Self.preference, json: #"{"enabled": false}"#),
        ]
    }

    @Test(arguments: [
        (
            "UPDATE users.users SET status = 'pending_verification', email_verified_at = NULL", 403,
            "email-not-verified"
        ),
        ("UPDATE users.users SET status = 'suspended'", 403, "account-suspended"),
        ("UPDATE users.users SET status = 'closed', closed_at = now()", 401, "session-ended"),
        (
            "UPDATE users.sessions SET ended_at = now(), end_reason = 'password_reset'", 401, "session-ended"
        ),
        ("DELETE FROM users.sessions", 401, "session-ended"),
    ])
    func whoseAccountIsNotOpenSetsNothingUp(change: String, status: Int, type: String) async throws {
        try await withNotifications { it in
            let created = try await it.send(
                "POST", "/v1/webhook-endpoints", json: #"{"url": "https://example.com/first"}"#)
            let place = try #require(created.headers["location"])
            try await it.test.owner.script(change)
            for answer in try await refusals(it, place: place) {
                #expect(answer.status == status, "\(answer.text)")
                #expect(try answer.text("type") == "urn:grove:problem:\(type)")
            }
            #expect(
                try await it.text("SELECT string_agg(url, ',') FROM notifications.webhook_endpoints")
                    == "https://example.com/first")
            #expect(try await it.count("notifications.notification_preferences") == 0)
            // What is there may be seen, and taken away.
            #expect(try await it.send("GET", place).status == 200)
            #expect(try await it.send("DELETE", place).status == 204)
        }
    }

    /// Of an erased account nothing is there, and no request of its token is an error of the server.
    @Test func anErasedAccountIsNotSignedIn() async throws {
        try await withNotifications { it in
            try await it.test.owner.script("DELETE FROM users.users WHERE id = '\(it.ada.id)'")
            #expect(try await it.send("PUT", Self.preference, json: #"{"enabled": false}"#).status == 401)
            #expect(try await it.send("DELETE", Self.preference).status < 500)
            #expect(try await it.send("GET", "/v1/notifications").status < 500)
            #expect(try await !it.tell(level: 2))
        }
    }

    /// A request that was checked before the account was closed, and inserts after: the consumer that removes what the
    /// account has waits for it.
    @Test func whatIsSetUpWhileAnAccountIsClosedGoesWithIt() async throws {
        try await withNotifications { it in
            let principal = Principal(
                userID: it.ada.id, sessionID: it.ada.session.uuid, isOperator: false)
            let rules = WebhookRules(
                secrets: try NotificationsConfiguration.forTests.webhookSecrets, allowsPrivateAddresses: false
            )
            let removal = try await it.database.transaction(as: it.ada.id.uuid) { transaction in
                _ = try await createWebhookEndpoint(
                    url: "https://example.com/hook", of: principal, with: rules, in: transaction,
                    at: Date())
                try await it.test.owner.script(
                    "UPDATE users.users SET status = 'closed', closed_at = now() WHERE id = '\(it.ada.id)'")
                let removal = Task { try await remove(it) }
                try await eventually("the consumer waits") {
                    try await isWaiting(it)
                }
                return removal
            }
            try await removal.value
            #expect(try await it.count("notifications.webhook_endpoints") == 0)
        }
    }

    /// The other order: the consumer is at it, and the request comes.
    @Test func whatComesWhileAnAccountIsRemovedIsRefused() async throws {
        try await withNotifications { it in
            try await it.test.owner.script(
                "UPDATE users.users SET status = 'closed', closed_at = now() WHERE id = '\(it.ada.id)'")
            let request = try await it.database.transaction(as: it.ada.id.uuid) { transaction in
                try await removeAccount(of: it.ada.id, in: transaction, at: Date())
                let request = Task {
                    try await it.send("POST", "/v1/webhook-endpoints", json: Self.endpoint)
                }
                try await eventually("the request waits") {
                    try await isWaiting(it)
                }
                return request
            }
            #expect(try await request.value.status == 401)
            #expect(try await it.count("notifications.webhook_endpoints") == 0)
        }
    }

    /// The recipient, the webhooks, the preferences and what was still to be sent go; the messages stay.
    @Test func aClosedAccountLeavesNothingToSend() async throws {
        try await withNotifications { it in
            try await it.register()
            #expect(
                try await it.send("POST", "/v1/webhook-endpoints", json: Self.endpoint).status == 201)
            try await it.prefer(
                .gamification, .email, DeliveryPreference(isEnabled: true, digest: .daily))
            try await it.tell(level: 2)
            try await it.prefer(.gamification, .email, DeliveryPreference(isEnabled: true))
            try await it.tell(level: 3)
            try await remove(it)
            for table in [
                "recipients", "webhook_endpoints", "webhook_deliveries", "notification_preferences",
                "push_devices", "digests",
            ] {
                #expect(try await it.count("notifications.\(table)") == 0, "\(table)")
            }
            #expect(
                try await it.count(
                    "notifications.notification_deliveries WHERE status IN ('pending', 'deferred')")
                    == 0)
            #expect(
                try await it.count(
                    "notifications.notification_deliveries WHERE error = 'the account was closed'") == 2)
            #expect(try await it.count("notifications.notifications") == 2)
            // What other contexts report late makes no message any more.
            try await it.test.owner.script("UPDATE users.users SET status = 'closed', closed_at = now()")
            #expect(try await !it.tell(level: 4))
        }
    }

    /// Whether a statement waits for the lock of an inbox.
    private func isWaiting(_ it: NotificationsServer) async throws -> Bool {
        try await it.count(
            "pg_stat_activity WHERE datname = current_database() AND wait_event = 'advisory'") == 1
    }

    private func remove(_ it: NotificationsServer) async throws {
        try await it.database.transaction(as: it.ada.id.uuid) {
            try await removeAccount(of: it.ada.id, in: $0, at: Date())
        }
    }
}
