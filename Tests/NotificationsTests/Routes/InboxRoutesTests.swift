import Foundation
import GroveTesting
import ServiceKit
import SharedTypes
import StrictJSON
import Testing

@testable import Notifications

@Suite struct InboxRoutesTests {
    @Test func theInboxComesInPagesTheLatestFirst() async throws {
        try await withNotifications { it in
            for level in 2...6 { try await it.tell(level: level) }
            let first = try await it.send("GET", "/v1/notifications?limit=3")
            #expect(first.status == 200)
            #expect(
                titles(first.json) == ["You reached level 6", "You reached level 5", "You reached level 4"])
            let next = try first.text("next")
            let second = try await it.send("GET", "/v1/notifications?limit=3&after=\(next)")
            #expect(titles(second.json) == ["You reached level 3", "You reached level 2"])
            #expect(second.json["next"] == .null)
            let item = try #require(first.json["items"]?[0])
            #expect(item["template"] == .string("level.reached"))
            #expect(item["category"] == .string("gamification"))
            #expect(item["data"] == .object(["level": .number(6), "experience": .number(600)]))
            let wrong = try await it.send("GET", "/v1/notifications?after=abc")
            #expect(wrong.status == 422)
        }
    }

    @Test func aMessageIsReadOnceAndCountsUntilThen() async throws {
        try await withNotifications { it in
            for level in 2...4 { try await it.tell(level: level) }
            try await it.tell(.passwordChanged(at: Date()), "user.password_changed:1")
            #expect(try await unread(it) == 4)
            let id = try #require(try await it.list()[0]["id"]?.string)
            let read = try await it.send("POST", "/v1/notifications/\(id)/read")
            #expect(read.status == 200)
            let at = try read.text("read_at")
            let again = try await it.send("POST", "/v1/notifications/\(id)/read")
            #expect(try again.text("read_at") == at)
            #expect(try await unread(it) == 3)
            #expect(try await it.list("/v1/notifications?unread=true").count == 3)
            #expect(try await it.list("/v1/notifications?unread=false").count == 1)
            #expect(try await it.list("/v1/notifications?category=security").count == 1)
            #expect(try await it.list("/v1/notifications?category=gamification&unread=true").count == 3)
            #expect(try await it.send("GET", "/v1/notifications?category=none").status == 422)
        }
    }

    @Test func readAllStopsAtWhatWasSeen() async throws {
        try await withNotifications { it in
            for level in 2...5 { try await it.tell(level: level) }
            let seen = try #require(try await it.list()[1]["id"]?.string)
            let answer = try await it.send(
                "POST", "/v1/notifications/read-all", json: #"{"until_id": "\#(seen)"}"#)
            #expect(answer.json == .object(["unread": .number(1)]))
            #expect(
                try await it.list("/v1/notifications?unread=true").compactMap { $0["title"]?.string } == [
                    "You reached level 5"
                ])
            #expect(try await it.send("POST", "/v1/notifications/read-all", json: "{}").status == 422)
        }
    }

    @Test func whatIsArchivedIsOutOfTheInboxAndTheCount() async throws {
        try await withNotifications { it in
            try await it.tell(level: 2)
            try await it.tell(level: 3)
            let id = try #require(try await it.list()[0]["id"]?.string)
            let archived = try await it.send("POST", "/v1/notifications/\(id)/archive")
            #expect(archived.status == 200)
            #expect(archived.json["archived_at"]?.string != nil)
            #expect(titles(try await it.send("GET", "/v1/notifications").json) == ["You reached level 2"])
            #expect(try await unread(it) == 1)
        }
    }

    @Test func nobodyReachesAnothersMessages() async throws {
        try await withNotifications { it in
            try await it.tell(level: 2)
            let id = try #require(try await it.list()[0]["id"]?.string)
            #expect(try await it.list(as: it.eve).isEmpty)
            #expect(try await unread(it, as: it.eve) == 0)
            for verb in ["read", "archive"] {
                let answer = try await it.send("POST", "/v1/notifications/\(id)/\(verb)", as: it.eve)
                #expect(answer.status == 404)
            }
            let all = try await it.send(
                "POST", "/v1/notifications/read-all", as: it.eve, json: #"{"until_id": "\#(id)"}"#)
            #expect(all.status == 200)
            #expect(try await unread(it) == 1)
            #expect(try await it.server.send("GET", "/v1/notifications").status == 401)
            #expect(try await it.server.send("GET", "/v1/notifications/unread-count").status == 401)
            #expect(try await it.server.send("GET", "/v1/notifications/stream").status == 401)
        }
    }

    private func titles(_ page: JSONValue) -> [String] {
        (page["items"]?.elements ?? []).compactMap { $0["title"]?.string }
    }

    private func unread(_ it: NotificationsServer, as person: NotificationsServer.Person? = nil) async throws
        -> Int?
    {
        guard
            case .number(let count)? = try await it.send(
                "GET", "/v1/notifications/unread-count", as: person
            ).json["unread"]
        else { return nil }
        return NSDecimalNumber(decimal: count).intValue
    }
}
