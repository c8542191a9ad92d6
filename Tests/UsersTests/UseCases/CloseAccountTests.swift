import DatabaseClient
import ExactTypes
import Foundation
import GroveTesting
import ServiceKit
import SharedTypes
import Testing

@testable import Users

@Suite struct CloseAccountTests {
    private func close(
        _ server: UsersServer, _ token: String, password: String = UsersServer.password
    ) async throws -> TestClient.Answer {
        try await server.send(
            "POST", "/v1/users/me/close", token: token, headers: ["Idempotency-Key": "close"],
            json: #"{"password": "\#(password)"}"#)
    }

    @Test func everythingEnds() async throws {
        try await withUsers { server in
            try await server.register("ada@example.com")
            let other = try await server.logIn("ada@example.com")
            let own = try await server.logIn("ada@example.com")
            let verification = try #require(try await server.mailedTokens(to: "ada@example.com").first)
            #expect(try await close(server, own.access, password: "wrong tulip 42").status == 403)
            #expect(try await close(server, own.access).status == 204)
            // A replay is told the same.
            #expect(try await close(server, own.access).status == 204)
            let told = try await server.test.owner.query(
                "SELECT count(*) FROM platform.events WHERE type = 'user.closed'")[0].int(0)
            #expect(told == 1)
            for session in [own, other] {
                #expect(try await server.refresh(session.refresh).status == 401)
                #expect(try await server.send("GET", "/v1/users/me", token: session.access).status == 401)
                #expect(
                    try await server.send("GET", "/v1/users/me/profile", token: session.access).status == 401)
            }
            let logIn = try await server.attemptLogIn("ada@example.com")
            #expect(logIn.status == 403)
            #expect(logIn.slug == "account-closed")
            #expect(
                try await server.attemptLogIn("ada@example.com", password: "wrong tulip 42").status == 401)
            let confirm = try await server.send(
                "POST", "/v1/email-verifications/confirm", json: #"{"token": "\#(verification)"}"#)
            #expect(confirm.status == 422)
        }
    }

    @Test func noResetAndNoNewAccountUnderItsEmail() async throws {
        try await withUsers { server in
            try await server.register("ada@example.com")
            #expect(try await close(server, server.logIn("ada@example.com").access).status == 204)
            let mails = try await server.mailedTokens(to: "ada@example.com").count
            let reset = try await server.send(
                "POST", "/v1/password-resets", json: #"{"email": "ada@example.com"}"#)
            #expect(reset.status == 202)
            #expect(try await server.mailedTokens(to: "ada@example.com").count == mails)
            let again = try await server.send(
                "POST", "/v1/users",
                json: #"{"email": "ada@example.com", "password": "unlikely tulip 42", "display_name": "A"}"#)
            #expect(again.slug == "email-taken")
            await #expect(throws: UsersError.noSuchAccount) {
                try await UsersModule.setOperator(
                    true, email: "ada@example.com", on: server.database, at: server.clock.now)
            }
        }
    }
}
