import DatabaseClient
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
                SELECT s.end_reason::text, bool_and(t.revoked_at IS NOT NULL)
                FROM users.sessions s JOIN users.refresh_tokens t ON t.session_id = s.id GROUP BY 1
                """)
            #expect(try reason[0].text(0) == "refresh_token_reused")
            #expect(try reason[0].bool(1))
        }
    }

    @Test func thePredecessorAfterTheGraceEndsTheSession() async throws {
        try await withUsers { server in
            try await server.register("ada@example.com")
            let first = try await server.logIn("ada@example.com")
            let second = try UsersServer.Tokens(try await server.refresh(first.refresh))
            try await server.test.owner.script(
                "UPDATE users.refresh_tokens SET rotated_at = rotated_at - interval '31 seconds'")
            #expect(try await server.refresh(first.refresh).status == 401)
            #expect(try await server.refresh(second.refresh).status == 401)
        }
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
            try await server.test.owner.script(
                """
                UPDATE users.refresh_tokens SET created_at = created_at - interval '30 days',
                    expires_at = expires_at - interval '30 days'
                """)
            #expect(try await server.refresh(idle.refresh).status == 401)
            let old = try await server.logIn("ada@example.com")
            try await server.test.owner.script(
                """
                UPDATE users.sessions SET created_at = created_at - interval '90 days',
                    expires_at = expires_at - interval '90 days'
                """)
            #expect(try await server.refresh(old.refresh).status == 401)
        }
    }

    @Test func noTokenOutlivesItsSession() async throws {
        try await withUsers { server in
            try await server.register("ada@example.com")
            let tokens = try await server.logIn("ada@example.com")
            try await server.test.owner.script(
                "UPDATE users.sessions SET expires_at = now() + interval '1 day'")
            #expect(try await server.refresh(tokens.refresh).status == 200)
            let late = try await server.test.owner.query(
                """
                SELECT count(*) FROM users.refresh_tokens t JOIN users.sessions s ON s.id = t.session_id
                WHERE t.generation = 2 AND t.expires_at > s.expires_at
                """)
            #expect(try late[0].int(0) == 0)
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
            try await UsersModule.setOperator(true, email: "ADA@example.com", on: server.database)
            let first = try await server.logIn("ada@example.com")
            #expect(try isOperator(first.access))
            try await UsersModule.setOperator(false, email: "ada@example.com", on: server.database)
            #expect(try !isOperator(UsersServer.Tokens(try await server.refresh(first.refresh)).access))
            await #expect(throws: UsersError.noSuchAccount) {
                try await UsersModule.setOperator(true, email: "nobody@example.com", on: server.database)
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
            try await server.test.owner.script(
                "UPDATE users.sessions SET created_at = created_at - interval '5 minutes'")
            #expect(try await server.refresh(next).status == 200)
        }
    }
}
