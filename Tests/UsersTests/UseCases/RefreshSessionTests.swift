import DatabaseClient
import ExactTypes
import Foundation
import GroveTesting
import SharedTypes
import Testing

@testable import Users

@Suite struct RefreshSessionTests {
    @Test func eachUseReplacesTheToken() async throws {
        try await withUsers { server in
            try await server.register("ada@example.com")
            let first = try await server.logIn("ada@example.com")
            let answer = try await server.refresh(first.refresh)
            #expect(answer.status == 200)
            #expect(answer.headers["cache-control"] == "no-store")
            let second = try UsersServer.Tokens(answer)
            #expect(second.session == first.session)
            #expect(second.refresh != first.refresh)
            #expect(try await server.send("GET", "/v1/users/me", token: second.access).status == 200)
            #expect(try await server.refresh(second.refresh).status == 200)
        }
    }

    @Test func thirtyTwoParallelRefreshesGiveOneLineage() async throws {
        try await withUsers { server in
            try await server.register("ada@example.com")
            let first = try await server.logIn("ada@example.com")
            let refreshed = try await withThrowingTaskGroup(of: String.self) { group in
                for _ in 0..<32 {
                    group.addTask { try UsersServer.Tokens(try await server.refresh(first.refresh)).refresh }
                }
                return try await group.reduce(into: Set<String>()) { $0.insert($1) }
            }
            #expect(refreshed.count == 1)
            let rows = try await server.test.owner.query(
                "SELECT max(generation), count(*) FROM users.refresh_tokens")
            #expect(try rows[0].int(0) == 2)
            #expect(try rows[0].int(1) == 2)
            let next = try #require(refreshed.first)
            #expect(try await server.refresh(next).status == 200)
        }
    }

    @Test func aGrandparentEndsTheSessionForAll() async throws {
        try await withUsers { server in
            try await server.register("ada@example.com")
            let first = try await server.logIn("ada@example.com")
            let second = try UsersServer.Tokens(try await server.refresh(first.refresh))
            let third = try UsersServer.Tokens(try await server.refresh(second.refresh))
            let reuse = try await server.refresh(first.refresh)
            #expect(reuse.status == 401)
            #expect(reuse.slug == "invalid-refresh-token")
            #expect(try await server.refresh(third.refresh).status == 401)
            // Users refuses the family's access tokens at once too.
            #expect(try await server.send("GET", "/v1/users/me", token: third.access).status == 401)
            let reason = try await server.test.owner.query(
                """
                SELECT s.end_reason::text, bool_and(coalesce(t.rotated_at, t.revoked_at) IS NOT NULL)
                FROM users.sessions s JOIN users.refresh_tokens t ON t.session_id = s.id GROUP BY 1
                """)
            #expect(try reason[0].text(0) == "refresh_token_reused")
            #expect(try reason[0].bool(1))
        }
    }

    /// As Supabase Auth has it: the answer was lost, and the phone asks again 36 seconds later, or after days.
    @Test(arguments: [36, 86_400, 20 * 86_400])
    func aLostAnswerIsRepeatedHoweverLateWhileItsSuccessorIsUnused(seconds: Double) async throws {
        try await withUsers { server in
            try await server.register("ada@example.com")
            let first = try await server.logIn("ada@example.com")
            let lost = try UsersServer.Tokens(try await server.refresh(first.refresh))
            server.clock.advance(seconds: seconds)
            let again = try UsersServer.Tokens(try await server.refresh(first.refresh))
            #expect(again.refresh == lost.refresh)
            #expect(again.session == lost.session)
            #expect(try await server.send("GET", "/v1/users/me", token: again.access).status == 200)
            // It was used: from now on its predecessor shows that two parties hold the lineage.
            let third = try UsersServer.Tokens(try await server.refresh(again.refresh))
            #expect(try await server.refresh(first.refresh).status == 401)
            #expect(try await server.refresh(third.refresh).status == 401)
            #expect(try await endReasons(server) == ["refresh_token_reused"])
        }
    }

    @Test func aSuccessorThatExpiredUnusedIsNotRepeatedAndEndsNothing() async throws {
        try await withUsers { server in
            try await server.register("ada@example.com")
            let first = try await server.logIn("ada@example.com")
            _ = try await server.refresh(first.refresh)
            server.clock.advance(days: 30)
            #expect(try await server.refresh(first.refresh).status == 401)
            #expect(try await endReasons(server) == [])
        }
    }

    @Test func anEndedSessionRepeatsNothing() async throws {
        try await withUsers { server in
            try await server.register("ada@example.com")
            let first = try await server.logIn("ada@example.com")
            let second = try UsersServer.Tokens(try await server.refresh(first.refresh))
            #expect(
                try await server.send("DELETE", "/v1/sessions/current", token: second.access).status == 204)
            for token in [first.refresh, second.refresh] {
                #expect(try await server.refresh(token).status == 401)
            }
            #expect(try await endReasons(server) == ["logged_out"])
        }
    }

    /// Of a long lineage the newest token alone is written to when its session ends.
    @Test func endingASessionTouchesItsLiveTokenAlone() async throws {
        try await withUsers { server in
            try await server.register("ada@example.com")
            var tokens = try await server.logIn("ada@example.com")
            for _ in 0..<5 { tokens = try UsersServer.Tokens(try await server.refresh(tokens.refresh)) }
            #expect(
                try await server.send("DELETE", "/v1/sessions/current", token: tokens.access).status == 204)
            let revoked = try await server.test.owner.query(
                "SELECT generation FROM users.refresh_tokens WHERE revoked_at IS NOT NULL"
            ).many { try $0.int(0) }
            #expect(revoked == [6])
        }
    }

    private func endReasons(_ server: UsersServer) async throws -> [String] {
        try await server.test.owner.query(
            "SELECT end_reason::text FROM users.sessions WHERE ended_at IS NOT NULL"
        ).many { try $0.text(0) }
    }

    @Test func anotherSessionLivesOn() async throws {
        try await withUsers { server in
            try await server.register("ada@example.com")
            let phone = try await server.logIn("ada@example.com")
            let laptop = try await server.logIn("ada@example.com")
            let next = try UsersServer.Tokens(try await server.refresh(phone.refresh))
            _ = try await server.refresh(next.refresh)
            #expect(try await server.refresh(phone.refresh).status == 401)
            #expect(try await server.refresh(laptop.refresh).status == 200)
        }
    }

    @Test func idleAndAbsoluteExpiry() async throws {
        try await withUsers { server in
            try await server.register("ada@example.com")
            let idle = try await server.logIn("ada@example.com")
            server.clock.advance(days: 30)
            #expect(try await server.refresh(idle.refresh).status == 401)
            var used = try await server.logIn("ada@example.com")
            for _ in 0..<4 {
                server.clock.advance(days: 20)
                used = try UsersServer.Tokens(try await server.refresh(used.refresh))
            }
            server.clock.advance(days: 10)
            #expect(try await server.refresh(used.refresh).status == 401)
        }
    }

    @Test func noTokenOutlivesItsSession() async throws {
        try await withUsers { server in
            try await server.register("ada@example.com")
            var tokens = try await server.logIn("ada@example.com")
            for _ in 0..<4 {
                server.clock.advance(days: 20)
                tokens = try UsersServer.Tokens(try await server.refresh(tokens.refresh))
            }
            // Thirty days of its own would end twenty days after the session.
            let ends = try await server.test.owner.query(
                """
                SELECT t.expires_at = s.expires_at
                FROM users.refresh_tokens t JOIN users.sessions s ON s.id = t.session_id
                WHERE t.generation = 5
                """)
            #expect(try ends[0].bool(0))
        }
    }

    @Test func strangeTokensAreRefusedAlike() async throws {
        try await withUsers { server in
            try await server.register("ada@example.com")
            try await server.register("eve@example.com")
            let ada = try await server.logIn("ada@example.com")
            let eve = try await server.logIn("eve@example.com")
            let own = try #require(OpaqueToken(parsing: ada.refresh, as: .refresh))
            let other = try #require(OpaqueToken(parsing: eve.refresh, as: .refresh))
            let forged = [
                OpaqueToken(userID: own.userID, sessionID: own.sessionID, secret: OpaqueToken.randomSecret()),
                // Eve's secret under Ada's name, and Ada's secret for Eve's session.
                OpaqueToken(userID: own.userID, sessionID: own.sessionID, secret: other.secret),
                OpaqueToken(userID: own.userID, sessionID: other.sessionID, secret: own.secret),
                OpaqueToken(userID: other.userID, sessionID: own.sessionID, secret: own.secret),
            ].map(\.text)
            for text in forged + ["grr_x", "x", ada.access] where text.utf8.count <= 200 {
                let answer = try await server.refresh(text)
                #expect(answer.status == 401)
                #expect(answer.slug == "invalid-refresh-token")
            }
            // None of it has harmed the real ones.
            #expect(try await server.refresh(ada.refresh).status == 200)
            #expect(try await server.refresh(eve.refresh).status == 200)
        }
    }

    @Test func aRevokedOperatorLosesTheClaimAtTheNextRefresh() async throws {
        try await withUsers { server in
            try await server.register("ada@example.com")
            try await UsersModule.setOperator(
                true, email: "ADA@example.com", on: server.database, at: server.clock.now)
            let first = try await server.logIn("ada@example.com")
            #expect(try isOperator(first.access))
            try await UsersModule.setOperator(
                false, email: "ada@example.com", on: server.database, at: server.clock.now)
            #expect(try !isOperator(UsersServer.Tokens(try await server.refresh(first.refresh)).access))
            await #expect(throws: UsersError.noSuchAccount) {
                try await UsersModule.setOperator(
                    true, email: "nobody@example.com", on: server.database, at: server.clock.now)
            }
        }
    }

    private struct Claims: Decodable {
        let `operator`: Bool
    }

    private func isOperator(_ token: String) throws -> Bool {
        try JSONDecoder().decode(Claims.self, from: tokenPart(token, 1)).operator
    }

    @Test func refreshesOfASessionArePaced() async throws {
        try await withUsers { server in
            try await server.register("ada@example.com")
            let tokens = try await server.logIn("ada@example.com")
            let next = try await server.refresh(tokens.refresh).text("refresh_token")
            // As if it were the sixty-first token of a session that has just begun.
            try await server.test.owner.script(
                "UPDATE users.refresh_tokens SET generation = 61 WHERE generation = 2")
            let refused = try await server.refresh(next)
            #expect(refused.status == 429)
            #expect(refused.slug == "too-many-attempts")
            #expect(Int(refused.headers["retry-after"] ?? "").map { (1...300).contains($0) } == true)
            // The token was not used up, and the session goes on.
            server.clock.advance(seconds: 5 * 60)
            #expect(try await server.refresh(next).status == 200)
        }
    }
}
