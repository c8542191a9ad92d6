import DatabaseClient
import ExactTypes
import Foundation
import GroveTesting
import ServiceKit
import SharedTypes
import StrictJSON
import Testing

@testable import Users

@Suite struct SessionTests {
    private func items(_ answer: TestClient.Answer) -> [[String: JSONValue]] {
        guard case .array(let items)? = answer.member("items") else { return [] }
        return items.compactMap { item in
            guard case .object(let members) = item else { return nil }
            return members
        }
    }

    @Test func listedWithWhatAPersonRecognises() async throws {
        try await withUsers { server in
            try await server.register("ada@example.com")
            _ = try await server.send(
                "POST", "/v1/sessions",
                headers: ["User-Agent": "Phone/1.0 " + String(repeating: "x", count: 400)],
                json: #"{"email": "ada@example.com", "password": "\#(UsersServer.password)"}"#)
            let tokens = try await server.logIn("ada@example.com")
            let list = try await server.send("GET", "/v1/sessions", token: tokens.access)
            #expect(list.status == 200)
            let sessions = items(list)
            #expect(sessions.count == 2)
            #expect(sessions[0]["id"] == .string(tokens.session))
            #expect(sessions[0]["current"] == .bool(true))
            #expect(sessions[1]["current"] == .bool(false))
            #expect(sessions[0]["address"] == .string("127.0.0.1"))
            guard case .string(let agent)? = sessions[1]["user_agent"] else { throw CancellationError() }
            #expect(agent.hasPrefix("Phone/1.0 x"))
            #expect(agent.count == 256)
            #expect(list.member("next") == .null)
        }
    }

    @Test func pagesByCursor() async throws {
        try await withUsers { server in
            try await server.register("ada@example.com")
            var expected: [String] = []
            for _ in 0..<5 {
                expected.insert(try await server.logIn("ada@example.com").session, at: 0)
                // Ids of one millisecond have no order.
                try await Task.sleep(for: .milliseconds(2))
            }
            let token = try await server.logIn("ada@example.com").access
            var seen: [JSONValue] = []
            var after = ""
            for _ in 0..<4 {
                let page = try await server.send("GET", "/v1/sessions?limit=2\(after)", token: token)
                seen += items(page).compactMap { $0["id"] }
                guard case .string(let next)? = page.member("next") else { break }
                after = "&after=\(next)"
            }
            #expect(seen.count == 6)
            #expect(Array(seen.dropFirst()) == expected.map(JSONValue.string))
            #expect(try await server.send("GET", "/v1/sessions?after=x", token: token).status == 422)
            #expect(try await server.send("GET", "/v1/sessions?limit=0", token: token).status == 422)
        }
    }

    @Test func logOutEndsTheSession() async throws {
        try await withUsers { server in
            try await server.register("ada@example.com")
            let tokens = try await server.logIn("ada@example.com")
            let other = try await server.logIn("ada@example.com")
            #expect(
                try await server.send("DELETE", "/v1/sessions/current", token: tokens.access).status == 204)
            #expect(try await server.refresh(tokens.refresh).status == 401)
            let me = try await server.send("GET", "/v1/users/me", token: tokens.access)
            #expect(me.status == 401)
            #expect(me.slug == "session-ended")
            // A second time does no harm, and the other session lives.
            #expect(
                try await server.send("DELETE", "/v1/sessions/current", token: tokens.access).status == 204)
            #expect(items(try await server.send("GET", "/v1/sessions", token: other.access)).count == 1)
        }
    }

    @Test func oneIsEndedByItsID() async throws {
        try await withUsers { server in
            try await server.register("ada@example.com")
            let lost = try await server.logIn("ada@example.com")
            let own = try await server.logIn("ada@example.com")
            let path = "/v1/sessions/\(lost.session)"
            #expect(try await server.send("DELETE", path, token: own.access).status == 204)
            #expect(try await server.refresh(lost.refresh).status == 401)
            #expect(try await server.send("DELETE", path, token: own.access).status == 404)
            #expect(try await server.send("DELETE", "/v1/sessions/nonsense", token: own.access).status == 404)
        }
    }

    @Test func nobodySeesOrEndsAnothersSession() async throws {
        try await withUsers { server in
            try await server.register("ada@example.com")
            try await server.register("eve@example.com")
            let ada = try await server.logIn("ada@example.com")
            let eve = try await server.logIn("eve@example.com")
            let list = items(try await server.send("GET", "/v1/sessions", token: eve.access))
            #expect(list.compactMap { $0["id"] } == [.string(eve.session)])
            let path = "/v1/sessions/\(ada.session)"
            #expect(try await server.send("DELETE", path, token: eve.access).status == 404)
            #expect(try await server.refresh(ada.refresh).status == 200)
        }
    }

    private func insertSessions(_ count: Int, _ server: UsersServer, ended: Bool = false) async throws {
        let now = Int(server.clock.now.timeIntervalSince1970)
        let end = ended ? "to_timestamp(\(now) - number), 'logged_out'" : "NULL, NULL"
        try await server.test.owner.script(
            """
            INSERT INTO users.sessions (user_id, id, user_agent, address, last_used_at, expires_at, ended_at, end_reason,
                created_at, updated_at)
            SELECT u.id, gen_random_uuid(), '', '', now(), to_timestamp(\(now + 86_400)), \(end), now(), now()
            FROM users.users u, generate_series(1, \(count)) AS number
            """)
    }

    private func count(_ server: UsersServer, where condition: String) async throws -> Int {
        try await server.test.owner.query("SELECT count(*) FROM users.sessions WHERE \(condition)")[0].int(0)
    }

    @Test func theFiftyFirstEndsTheOneThatWasUsedTheLongestAgo() async throws {
        try await withUsers { server in
            try await server.register("ada@example.com")
            let first = try await server.logIn("ada@example.com")
            let second = try await server.logIn("ada@example.com")
            server.clock.advance(seconds: 60)
            // The first is older and in use.
            #expect(try await server.refresh(first.refresh).status == 200)
            try await insertSessions(48, server)
            let newest = try await server.logIn("ada@example.com")
            #expect(try await server.refresh(second.refresh).status == 401)
            let ended = try await server.send("GET", "/v1/users/me", token: second.access)
            #expect(ended.slug == "session-ended")
            for alive in [first, newest] {
                #expect(try await server.send("GET", "/v1/users/me", token: alive.access).status == 200)
            }
            #expect(try await count(server, where: "end_reason = 'session_limit'") == 1)
            #expect(try await count(server, where: "ended_at IS NULL") == 50)
        }
    }

    @Test func logInsAtOnceDoNotPassTheLimit() async throws {
        try await withUsers { server in
            try await server.register("ada@example.com")
            try await insertSessions(50, server)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<8 { group.addTask { _ = try await server.logIn("ada@example.com") } }
                try await group.waitForAll()
            }
            #expect(try await count(server, where: "ended_at IS NULL") == 50)
            #expect(try await count(server, where: "end_reason = 'session_limit'") == 8)
        }
    }

    @Test func ofEndedSessionsTheLastOnesAreKept() async throws {
        try await withUsers { server in
            try await server.register("ada@example.com")
            try await insertSessions(300, server, ended: true)
            _ = try await server.logIn("ada@example.com")
            #expect(try await count(server, where: "ended_at IS NOT NULL") == 200)
            let bound = Int(server.clock.now.timeIntervalSince1970) - 250
            #expect(try await count(server, where: "ended_at < to_timestamp(\(bound))") == 0)
        }
    }

    @Test(arguments: [
        ("GET", "/v1/users/me"), ("GET", "/v1/users/me/profile"), ("PUT", "/v1/users/me/profile"),
        ("GET", "/v1/users/me/preferences"), ("PUT", "/v1/users/me/preferences"),
        ("POST", "/v1/users/me/password"),
        ("POST", "/v1/users/me/close"), ("GET", "/v1/sessions"), ("DELETE", "/v1/sessions/current"),
        ("DELETE", "/v1/sessions/0190a0a0-0000-7000-8000-000000000000"), ("POST", "/v1/email-verifications"),
    ])
    func withoutATokenIs401(_ method: String, _ path: String) async throws {
        try await withUsers { server in
            let json = method == "GET" || method == "DELETE" ? nil : "{}"
            let bare = try await server.send(method, path, json: json)
            #expect(bare.status == 401)
            let forged = try await server.send(method, path, token: "a.b.c", json: json)
            #expect(forged.status == 401)
        }
    }
}
