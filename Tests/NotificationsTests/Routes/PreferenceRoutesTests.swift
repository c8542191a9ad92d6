import Foundation
import GroveTesting
import ServiceKit
import SharedTypes
import StrictJSON
import Testing

@testable import Notifications

@Suite struct PreferenceRoutesTests {
    private let path = "/v1/notification-preferences"

    @Test func withoutAWordThePlatformsDefaultsHold() async throws {
        try await withNotifications { it in
            let items = try await it.list(path)
            #expect(items.count == NotificationCategory.allCases.count * NotificationChannel.allCases.count)
            #expect(items.allSatisfy { $0["revision"] == .number(0) })
            let categories = items.filter { $0["channel"] == .string("in_app") }.map {
                $0["category"]?.string
            }
            #expect(
                categories == [
                    "security", "portfolios", "trading", "automation", "loans", "gamification", "experts",
                    "journal",
                    "product",
                ])
            let mail = items.filter { $0["channel"] == .string("email") && $0["enabled"] == .bool(true) }
            #expect(mail.contains { $0["category"] == .string("security") })
            let push = items.filter { $0["channel"] == .string("push") }
            #expect(push.allSatisfy { $0["enabled"] == .bool(false) })
        }
    }

    @Test func aWishIsStoredWithItsRevision() async throws {
        try await withNotifications { it in
            let one = "\(path)/gamification/email"
            let wish =
                #"{"enabled": true, "quiet_hours": {"from": "22:30", "until": "07:00"}, "digest": "daily"}"#
            let first = try await it.send("PUT", one, headers: ["If-Match": "\"0\""], json: wish)
            #expect(first.status == 200, "\(first.text)")
            #expect(first.headers["etag"] == "\"1\"")
            let found = try await it.send("GET", one)
            #expect(found.json == first.json)
            #expect(found.json["quiet_hours"]?["from"] == .string("22:30"))
            #expect(try await it.send("GET", one, headers: ["If-None-Match": "\"1\""]).status == 304)
            let stale = try await it.send(
                "PUT", one, headers: ["If-Match": "\"0\""], json: #"{"enabled": false}"#)
            #expect(stale.status == 412)
            let second = try await it.send("PUT", one, json: #"{"enabled": false}"#)
            #expect(second.json["revision"] == .number(2))
            #expect(second.json["quiet_hours"] == nil)
            #expect(second.json["digest"] == .string("none"))
            #expect(try await it.list(path, as: it.eve).allSatisfy { $0["revision"] == .number(0) })
            #expect(try await it.send("DELETE", one, headers: ["If-Match": "\"1\""]).status == 412)
            #expect(try await it.send("DELETE", one).status == 204)
            #expect(try await it.send("GET", one).json["revision"] == .number(0))
        }
    }

    @Test(arguments: [
        ("security/email", #"{"enabled": false}"#, "enabled"),
        ("security/in_app", #"{"enabled": false}"#, "enabled"),
        ("security/email", #"{"enabled": true, "digest": "daily"}"#, "digest"),
        ("trading/webhook", #"{"enabled": true, "digest": "daily"}"#, "digest"),
        (
            "trading/in_app", #"{"enabled": true, "quiet_hours": {"from": "22:00", "until": "07:00"}}"#,
            "quiet_hours"
        ),
        (
            "trading/email", #"{"enabled": true, "quiet_hours": {"from": "22:00", "until": "22:00"}}"#,
            "quiet_hours"
        ),
        (
            "trading/email", #"{"enabled": true, "quiet_hours": {"from": "24:00", "until": "07:00"}}"#,
            "quiet_hours.from"
        ),
        (
            "trading/email", #"{"enabled": true, "quiet_hours": {"from": "22:00", "until": "7am"}}"#,
            "quiet_hours.until"
        ),
        ("trading/email", #"{"enabled": true, "digest": "hourly"}"#, "digest"),
        ("trading/email", #"{"digest": "daily"}"#, "enabled"),
    ])
    func aWishThatCannotBeNamesItsField(place: String, wish: String, field: String) async throws {
        try await withNotifications { it in
            let answer = try await it.send("PUT", "\(path)/\(place)", json: wish)
            #expect(answer.status == 422)
            #expect(try answer.text("field") == field)
            #expect(try await it.count("notifications.notification_preferences") == 0)
        }
    }

    @Test func aPlaceThatIsNoneIsNotFound() async throws {
        try await withNotifications { it in
            let weather = try await it.send("GET", "\(path)/weather/email")
            #expect(weather.status == 404)
            let pigeon = try await it.send("PUT", "\(path)/trading/pigeon", json: #"{"enabled": true}"#)
            #expect(pigeon.status == 404)
        }
    }
}
