import DatabaseClient
import ExactTypes
import Foundation
import GroveTesting
import ServiceKit
import SharedTypes
import StrictJSON
import Testing

@testable import Users

@Suite struct EmailVerificationTests {
    private func confirm(_ server: UsersServer, _ token: String) async throws -> TestClient.Answer {
        try await server.send("POST", "/v1/email-verifications/confirm", json: #"{"token": "\#(token)"}"#)
    }

    private func request(_ server: UsersServer, _ token: String, key: String) async throws
        -> TestClient.Answer
    {
        try await server.send(
            "POST", "/v1/email-verifications", token: token, headers: ["Idempotency-Key": key])
    }

    @Test func theTokenVerifiesOnce() async throws {
        try await withUsers { server in
            try await server.register("ada@example.com")
            let token = try #require(try await server.mailedTokens(to: "ada@example.com").first)
            #expect(try await confirm(server, token).status == 204)
            let again = try await confirm(server, token)
            #expect(again.status == 422)
            #expect(again.slug == "invalid-token")
            let me = try await server.send(
                "GET", "/v1/users/me", token: server.logIn("ada@example.com").access)
            #expect(try me.text("status") == "active")
            #expect(me.member("email_verified") == .bool(true))
        }
    }

    @Test func ofSixteenRedemptionsAtOnceOneSucceeds() async throws {
        try await withUsers { server in
            try await server.register("ada@example.com")
            let token = try #require(try await server.mailedTokens(to: "ada@example.com").first)
            let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<16 { group.addTask { try await confirm(server, token).status } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(statuses.filter { $0 == 204 }.count == 1)
            #expect(statuses.filter { $0 == 422 }.count == 15)
        }
    }

    @Test func aSecondMessageMakesTheFirstVoid() async throws {
        try await withUsers { server in
            try await server.register("ada@example.com")
            let access = try await server.logIn("ada@example.com").access
            #expect(try await server.mailedTokens(to: "ada@example.com").count == 1)
            #expect(try await request(server, access, key: "a").status == 202)
            // The same key sends nothing more.
            #expect(try await request(server, access, key: "a").status == 202)
            let tokens = try await server.mailedTokens(to: "ada@example.com")
            #expect(tokens.count == 2)
            #expect(try await confirm(server, tokens[0]).status == 422)
            #expect(try await confirm(server, tokens[1]).status == 204)
            // A verified email is sent nothing.
            #expect(try await request(server, access, key: "b").status == 202)
            #expect(try await server.mailedTokens(to: "ada@example.com").count == 2)
        }
    }

    /// A change that holds the account voids its tokens next: whoever redeems one must not hold it and wait for the account.
    @Test func aRedemptionWaitsForTheAccountAndHoldsNothingMeanwhile() async throws {
        try await withUsers { server in
            let user = try await server.register("ada@example.com")
            let token = try #require(try await server.mailedTokens(to: "ada@example.com").first)
            // As another process: of one pool a person has only a share.
            let other = server.test.database(role: "users_service")
            let answer = try await other.transaction(as: user.uuid) { transaction in
                _ = try await transaction.lockPassword(userID: user)
                let answer = Task { try await confirm(server, token).status }
                while try await server.test.owner.query(
                    "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
                ).rowCount == 0 {
                    await Task.yield()
                }
                try await transaction.voidEmailTokens(
                    now: server.clock.now, userID: user, kind: .verification)
                return answer
            }
            #expect(try await answer.value == 422)
        }
    }

    @Test func withoutAKeyIsRefused() async throws {
        try await withUsers { server in
            try await server.register("ada@example.com")
            let access = try await server.logIn("ada@example.com").access
            #expect(try await server.send("POST", "/v1/email-verifications", token: access).status == 400)
        }
    }

    @Test(arguments: ["x", "gre_x", "gre_" + String(repeating: "A", count: 64)])
    func strangeTokensAreRefused(_ token: String) async throws {
        try await withUsers { server in
            let answer = try await confirm(server, token)
            #expect(answer.status == 422)
        }
    }

    @Test func messagesAreForTheirOwnerAlone() async throws {
        try await withUsers { server in
            try await server.register("ada@example.com")
            _ = try await server.mailedTokens(to: "ada@example.com")
            let file = try #require(
                try FileManager.default.contentsOfDirectory(
                    at: server.mailFolder, includingPropertiesForKeys: nil
                ).first)
            let mode = try FileManager.default.attributesOfItem(atPath: file.path)[.posixPermissions] as? Int
            #expect(mode == 0o600)
            #expect(file.pathExtension == "eml")
            let text = try String(contentsOf: file, encoding: .utf8)
            #expect(text.split(separator: "\r\n").allSatisfy { $0.utf8.count < 998 && !$0.contains("\n") })
        }
    }
}
