import DatabaseClient
import EventLog
import ExactTypes
import Foundation
import GroveTesting
import ServiceKit
import SharedTypes
import Testing

@testable import Users

/// The README's table of the states of an account, a test a line.
@Suite struct AccountStateTests {
    private static let profile = #"{"display_name": "Countess", "time_zone": "Europe/London"}"#
    private static let preferences = """
        {"base_currency": "EUR", "locale": "de", "theme": "dark", "cost_basis_method": "fifo", "settings": {}}
        """

    /// Every operation of one who is logged in.
    private static let operations: [(method: String, path: String, json: String?)] = [
        ("GET", "/v1/users/me", nil), ("GET", "/v1/users/me/profile", nil),
        ("PUT", "/v1/users/me/profile", profile), ("GET", "/v1/users/me/preferences", nil),
        ("PUT", "/v1/users/me/preferences", preferences), ("GET", "/v1/sessions", nil),
        ("DELETE", "/v1/sessions/0190a0a0-0000-7000-8000-000000000000", nil),
        ("POST", "/v1/email-verifications", nil),
        (
            "POST", "/v1/users/me/password",
            #"{"current_password": "\#(UsersServer.password)", "new_password": "\#(UsersServer.password)"}"#
        ),
        ("POST", "/v1/users/me/close", #"{"password": "\#(UsersServer.password)"}"#),
    ]

    private func answers(_ server: UsersServer, _ token: String) async throws -> [TestClient.Answer] {
        var answers: [TestClient.Answer] = []
        for (method, path, json) in Self.operations {
            answers.append(
                try await server.send(
                    method, path, token: token, headers: ["Idempotency-Key": UUID().uuidString], json: json))
        }
        return answers
    }

    private func isTaken(_ server: UsersServer, _ email: String) async throws -> Bool {
        try await server.send(
            "POST", "/v1/users", json: #"{"email": "\#(email)", "password": "\#(UsersServer.password)"}"#
        ).slug == "email-taken"
    }

    private func mailsAfterReset(_ server: UsersServer, of email: String) async throws -> Int {
        let before = try await server.mailedTokens(to: email).count
        let reset = try await server.send("POST", "/v1/password-resets", json: #"{"email": "\#(email)"}"#)
        #expect(reset.status == 202)
        return try await server.mailedTokens(to: email).count - before
    }

    @Test func pendingVerification() async throws {
        try await withUsers { server in
            try await server.register("ada@example.com")
            let tokens = try await server.logIn("ada@example.com")
            #expect(try await server.refresh(tokens.refresh).status == 200)
            for answer in try await answers(server, tokens.access) {
                // There is no such session; all else goes.
                #expect(answer.status < 300 || answer.slug == "not-found", "\(answer.text)")
            }
            #expect(try await isTaken(server, "ada@example.com"))
        }
    }

    @Test func active() async throws {
        try await withUsers { server in
            _ = try await server.users.registerVerifiedUser(
                email: "ada@example.com", password: UsersServer.password)
            let tokens = try await server.logIn("ada@example.com")
            #expect(try await server.refresh(tokens.refresh).status == 200)
            #expect(try await mailsAfterReset(server, of: "ada@example.com") == 1)
            for answer in try await answers(server, tokens.access) {
                #expect(answer.status < 300 || answer.slug == "not-found", "\(answer.text)")
            }
            #expect(try await isTaken(server, "ada@example.com"))
        }
    }

    @Test func suspended() async throws {
        try await withUsers { server in
            try await server.register("ada@example.com")
            let tokens = try await server.logIn("ada@example.com")
            try await server.test.owner.script("UPDATE users.users SET status = 'suspended'")
            let logIn = try await server.attemptLogIn("ada@example.com")
            #expect(logIn.slug == "account-suspended")
            #expect(
                try await server.attemptLogIn("ada@example.com", password: "wrong tulip 42").status == 401)
            #expect(try await server.refresh(tokens.refresh).status == 401)
            for answer in try await answers(server, tokens.access) {
                #expect(answer.slug == "account-suspended", "\(answer.text)")
            }
            #expect(try await mailsAfterReset(server, of: "ada@example.com") == 0)
            #expect(try await isTaken(server, "ada@example.com"))
            // Its sessions wait for it.
            try await server.test.owner.script("UPDATE users.users SET status = 'pending_verification'")
            #expect(try await server.refresh(tokens.refresh).status == 200)
        }
    }

    @Test func closed() async throws {
        try await withUsers { server in
            let user = try await server.register("ada@example.com")
            let tokens = try await server.logIn("ada@example.com")
            let close = try await server.send(
                "POST", "/v1/users/me/close", token: tokens.access, headers: ["Idempotency-Key": "close"],
                json: #"{"password": "\#(UsersServer.password)"}"#)
            #expect(close.status == 204)
            let logIn = try await server.attemptLogIn("ada@example.com")
            #expect(logIn.slug == "account-closed")
            #expect(try await server.refresh(tokens.refresh).status == 401)
            for answer in try await answers(server, tokens.access) {
                #expect(answer.slug == "session-ended", "\(answer.text)")
            }
            #expect(try await mailsAfterReset(server, of: "ada@example.com") == 0)
            #expect(try await isTaken(server, "ada@example.com"))
            // What was on its way when the account closed comes too late.
            let principal = Principal(userID: user, sessionID: UUID(), isOperator: false)
            func write(_ work: (OperationContext) async throws -> Void) async throws {
                try await server.database.transaction(as: user.uuid) { transaction in
                    try await work(
                        OperationContext(user: user, transaction: transaction, now: server.clock.now))
                }
            }
            await #expect(throws: UsersError.sessionEnded) {
                try await write {
                    _ = try await replaceProfile(
                        of: principal, with: .standard(email: "ada@example.com"), events: server.users.events,
                        in: $0, check: { _ in })
                }
            }
            await #expect(throws: UsersError.sessionEnded) {
                try await write {
                    _ = try await replacePreferences(
                        of: principal, with: .standard, events: server.users.events, in: $0, check: { _ in })
                }
            }
            let last = try await server.test.owner.query(
                """
                SELECT type FROM platform.events WHERE owner_id = '\(user)'
                ORDER BY epoch DESC, transaction_number DESC, position DESC LIMIT 1
                """)
            #expect(try last[0].text(0) == "user.closed")
        }
    }

    @Test func erased() async throws {
        try await withUsers { server in
            let user = try await server.register("ada@example.com")
            let tokens = try await server.logIn("ada@example.com")
            let verification = try #require(try await server.mailedTokens(to: "ada@example.com").first)
            let erased = try await server.test.owner.query(
                "SELECT users.erase_user('\(user)', 'an operator', 'asked to be forgotten', now())")
            #expect(try erased[0].bool(0))
            #expect(try await server.attemptLogIn("ada@example.com").slug == "invalid-credentials")
            #expect(try await server.refresh(tokens.refresh).status == 401)
            for answer in try await answers(server, tokens.access) {
                #expect(answer.slug == "session-ended", "\(answer.text)")
            }
            let confirm = try await server.send(
                "POST", "/v1/email-verifications/confirm", json: #"{"token": "\#(verification)"}"#)
            #expect(confirm.slug == "invalid-token")
            #expect(try await mailsAfterReset(server, of: "ada@example.com") == 0)
            for table in [
                "user_profiles", "user_preferences", "sessions", "refresh_tokens", "email_tokens",
                "outgoing_mails",
            ] {
                let rows = try await server.test.owner.query("SELECT count(*) FROM users.\(table)")
                #expect(try rows[0].int(0) == 0, "\(table)")
            }
            // The email is free, and who takes it is another user.
            #expect(try await server.register("ada@example.com") != user)
        }
    }
}
