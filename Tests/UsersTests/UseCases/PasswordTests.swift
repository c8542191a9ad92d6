import Crypto
import DatabaseClient
import ExactTypes
import Foundation
import GroveTesting
import ServiceKit
import SharedTypes
import StrictJSON
import Testing

@testable import Users

@Suite struct PasswordTests {
    private let new = "another rose 43"

    private func change(
        _ server: UsersServer, _ token: String, from current: String = UsersServer.password,
        to new: String = "another rose 43", key: String = UUID().uuidString
    ) async throws -> TestClient.Answer {
        try await server.send(
            "POST", "/v1/users/me/password", token: token, headers: ["Idempotency-Key": key],
            json: #"{"current_password": "\#(current)", "new_password": "\#(new)"}"#)
    }

    private func confirm(_ server: UsersServer, _ token: String, _ password: String) async throws
        -> TestClient.Answer
    {
        try await server.send(
            "POST", "/v1/password-resets/confirm",
            json: #"{"token": "\#(token)", "new_password": "\#(password)"}"#)
    }

    private func requestReset(_ server: UsersServer, _ email: String) async throws -> TestClient.Answer {
        try await server.send("POST", "/v1/password-resets", json: #"{"email": "\#(email)"}"#)
    }

    @Test func aChangeEndsTheOtherSessionsOnly() async throws {
        try await withUsers { server in
            try await server.register("ada@example.com")
            let other = try await server.logIn("ada@example.com")
            let own = try await server.logIn("ada@example.com")
            #expect(try await change(server, own.access).status == 204)
            #expect(try await server.refresh(other.refresh).status == 401)
            #expect(try await server.refresh(own.refresh).status == 200)
            #expect(try await server.attemptLogIn("ada@example.com").status == 401)
            _ = try await server.logIn("ada@example.com", password: new)
        }
    }

    @Test func aReplayIsGivenTheFirstAnswer() async throws {
        try await withUsers { server in
            try await server.register("ada@example.com")
            let token = try await server.logIn("ada@example.com").access
            #expect(try await change(server, token, key: "one").status == 204)
            #expect(try await change(server, token, key: "one").status == 204)
            #expect(try await change(server, token, to: "yet another 44", key: "one").status == 422)
            let keys = try await server.test.owner.query("SELECT count(*) FROM platform.idempotency_keys")
            #expect(try keys[0].int(0) == 1)
        }
    }

    /// A plain hash of a body that holds a password could be searched for it without Argon2id.
    @Test func theKeptHashOfARequestHasAKey() async throws {
        try await withUsers { server in
            try await server.register("ada@example.com")
            let token = try await server.logIn("ada@example.com").access
            #expect(try await change(server, token).status == 204)
            let body = #"{"current_password": "\#(UsersServer.password)", "new_password": "\#(new)"}"#
            let keyed = server.users.configuration.keys.fingerprint(of: body)
            let kept = try await server.test.owner.query("SELECT request_hash FROM platform.idempotency_keys")
            let request = Data("POST /v1/users/me/password\n".utf8)
            #expect(try kept[0].bytes(0) == Array(SHA256.hash(data: request + keyed)))
        }
    }

    @Test func theCurrentPasswordIsAskedAndLimited() async throws {
        try await withUsers { server in
            try await server.register("ada@example.com")
            let token = try await server.logIn("ada@example.com").access
            for _ in 0..<10 {
                let answer = try await change(server, token, from: "wrong tulip 42")
                #expect(answer.status == 403)
                #expect(answer.slug == "wrong-password")
            }
            #expect(try await change(server, token).status == 429)
        }
    }

    @Test func aCommonPasswordIsRefused() async throws {
        try await withUsers { server in
            try await server.register("ada@example.com")
            let token = try await server.logIn("ada@example.com").access
            let answer = try await change(server, token, to: "Password123")
            #expect(answer.status == 422)
            #expect(try answer.text("field") == "new_password")
            _ = try await server.logIn("ada@example.com")
        }
    }

    @Test func aResetEndsEverySession() async throws {
        try await withUsers { server in
            try await server.register("ada@example.com")
            let session = try await server.logIn("ada@example.com")
            #expect(try await requestReset(server, "ADA@example.com").status == 202)
            let token = try #require(try await server.mailedTokens(to: "ada@example.com").last)
            // A refused password does not use the token up.
            #expect(try await confirm(server, token, "password").status == 422)
            #expect(try await confirm(server, token, new).status == 204)
            #expect(try await confirm(server, token, "third lily 44").status == 422)
            #expect(try await server.refresh(session.refresh).status == 401)
            _ = try await server.logIn("ada@example.com", password: new)
        }
    }

    @Test func anUnknownEmailIsAnsweredAlike() async throws {
        try await withUsers { server in
            try await server.register("ada@example.com")
            let known = try await requestReset(server, "ada@example.com")
            let unknown = try await requestReset(server, "eve@example.com")
            #expect(known.status == 202)
            #expect(unknown.status == 202)
            #expect(known.text == unknown.text)
            #expect(try await server.mailedTokens(to: "eve@example.com").isEmpty)
        }
    }

    @Test func ofSixteenRedemptionsAtOnceOneSucceeds() async throws {
        try await withUsers { server in
            try await server.register("ada@example.com")
            _ = try await requestReset(server, "ada@example.com")
            let token = try #require(try await server.mailedTokens(to: "ada@example.com").last)
            let outcomes = try await withThrowingTaskGroup(of: (String, Int).self) { group in
                for number in 0..<16 {
                    let password = "numbered rose \(number)"
                    group.addTask { (password, try await confirm(server, token, password).status) }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            let winners = outcomes.filter { $0.1 == 204 }
            #expect(winners.count == 1)
            // Ten passwords an hour are set of an account.
            #expect(outcomes.filter { $0.1 == 422 || $0.1 == 429 }.count == 15)
            _ = try await server.logIn("ada@example.com", password: #require(winners.first).0)
        }
    }

    @Test func aNewerMessageMakesTheOlderVoidAndBothExpire() async throws {
        try await withUsers { server in
            try await server.register("ada@example.com")
            _ = try await requestReset(server, "ada@example.com")
            _ = try await server.mailedTokens(to: "ada@example.com")
            _ = try await requestReset(server, "ada@example.com")
            let tokens = try await server.mailedTokens(to: "ada@example.com").suffix(2)
            let (older, newer) = (try #require(tokens.first), try #require(tokens.last))
            #expect(try await confirm(server, older, new).status == 422)
            server.clock.advance(seconds: 3_600)
            #expect(try await confirm(server, newer, new).status == 422)
        }
    }

    @Test func aVerificationTokenResetsNothing() async throws {
        try await withUsers { server in
            try await server.register("ada@example.com")
            let token = try #require(try await server.mailedTokens(to: "ada@example.com").first)
            #expect(try await confirm(server, token, new).status == 422)
        }
    }

    @Test func messagesToOneEmailAreLimited() async throws {
        try await withUsers { server in
            var statuses: [Int] = []
            for _ in 0..<6 { statuses.append(try await requestReset(server, "ada@example.com").status) }
            #expect(statuses == [202, 202, 202, 202, 202, 429])
            let other = try await requestReset(server, "bob@example.com")
            #expect(other.status == 202)
        }
    }

    @Test func tenPasswordsAnHourAreSetByChangeAndAResetIsLetIn() async throws {
        try await withUsers { server in
            try await server.register("ada@example.com")
            let token = try await server.logIn("ada@example.com").access
            _ = try await requestReset(server, "ada@example.com")
            let mailed = try #require(try await server.mailedTokens(to: "ada@example.com").last)
            var current = UsersServer.password
            for number in 1...10 {
                // One that is refused is none.
                #expect(try await change(server, token, from: current, to: "password").status == 422)
                let next = "numbered rose \(number)"
                #expect(try await change(server, token, from: current, to: next).status == 204)
                current = next
            }
            let refused = try await change(server, token, from: current)
            #expect(refused.status == 429)
            #expect(refused.slug == "too-many-attempts")
            #expect(Int(refused.headers["retry-after"] ?? "").map { (1...3_600).contains($0) } == true)
            // A change makes the message's token void; a new one lets the owner of the mailbox in at once, and whoever
            // used the limits up has used up nothing of theirs.
            #expect(try await confirm(server, mailed, new).status == 422)
            _ = try await requestReset(server, "ada@example.com")
            let late = try #require(try await server.mailedTokens(to: "ada@example.com").last)
            #expect(try await confirm(server, late, new).status == 204)
            let fresh = try await server.logIn("ada@example.com", password: new).access
            #expect(try await change(server, fresh, from: new, to: "another numbered rose").status == 204)
        }
    }

    @Test func noPasswordIsCheckedWithoutAKeyThatIsTheRequestsOwn() async throws {
        try await withUsers { server in
            try await server.register("ada@example.com")
            let token = try await server.logIn("ada@example.com").access
            #expect(try await change(server, token, key: "one").status == 204)
            func checked() async throws -> Int {
                let rows = try await server.test.owner.query(
                    "SELECT coalesce(sum(attempts), 0)::bigint FROM users.login_attempts WHERE scope = 'password_address'"
                )
                return try rows[0].int(0)
            }
            let before = try await checked()
            // Without a key that the request may have, no password is looked at, so that none is guessed.
            #expect(try await change(server, token, from: "wrong enough", key: "one").status == 422)
            #expect(try await change(server, token, from: "wrong enough", key: "é").status == 400)
            #expect(try await checked() == before)
            #expect(try await change(server, token, from: "wrong enough").status == 403)
            #expect(try await checked() == before + 1)
        }
    }

    @Test func repetitionsAreNoWrongPasswords() async throws {
        try await withUsers { server in
            try await server.register("ada@example.com")
            let token = try await server.logIn("ada@example.com").access
            for _ in 0..<11 { #expect(try await change(server, token, key: "one").status == 204) }
            _ = try await server.logIn("ada@example.com", password: new)
        }
    }

    @Test func ofEightChangesAtOnceOneSucceeds() async throws {
        try await withUsers { server in
            try await server.register("ada@example.com")
            let token = try await server.logIn("ada@example.com").access
            let outcomes = try await withThrowingTaskGroup(of: (String, Int).self) { group in
                for number in 0..<8 {
                    let password = "numbered rose \(number)"
                    group.addTask { (password, try await change(server, token, to: password).status) }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            let winner = try #require(outcomes.first { $0.1 == 204 })
            // The others were right when they asked, or came after it and were wrong.
            #expect(outcomes.filter { $0.1 == 409 || $0.1 == 403 }.count == 7)
            _ = try await server.logIn("ada@example.com", password: winner.0)
        }
    }

    /// Whoever holds a token that came by mail owns the mailbox. And its sibling: somebody signs up with another person's email, who then sets a new password by
    /// the mailbox. Who holds the mailed token owns the mailbox.
    @Test func aResetProvesTheMailboxAndWhatStoodBeforeGoes() async throws {
        try await withUsers { server in
            let user = try await server.register("ada@example.com")
            let intruder = try await server.logIn("ada@example.com")
            let verification = try #require(try await server.mailedTokens(to: "ada@example.com").first)
            let profile = try await server.send(
                "PUT", "/v1/users/me/profile", token: intruder.access,
                json: """
                    {"display_name": "Eve", "country": "GB", "date_of_birth": "1990-01-02",
                     "time_zone": "Europe/London", "risk_tolerance": "aggressive", "experience": "none",
                     "avatar_url": "https://eve.example/pixel.png"}
                    """)
            #expect(profile.status == 200)
            let preferences = try await server.send(
                "PUT", "/v1/users/me/preferences", token: intruder.access,
                json: """
                    {"base_currency": "GBP", "locale": "en-GB", "theme": "dark", "cost_basis_method": "lifo",
                     "settings": {"home": "https://eve.example"}}
                    """)
            #expect(preferences.status == 200)

            _ = try await requestReset(server, "ada@example.com")
            let token = try #require(try await server.mailedTokens(to: "ada@example.com").last)
            #expect(try await confirm(server, token, new).status == 204)

            #expect(try await server.refresh(intruder.refresh).status == 401)
            let ended = try await server.send("GET", "/v1/users/me", token: intruder.access)
            #expect(ended.slug == "session-ended")
            let access = try await server.logIn("ada@example.com", password: new).access
            let me = try await server.send("GET", "/v1/users/me", token: access)
            #expect(me.member("email_verified") == .bool(true))
            #expect(try me.text("status") == "active")
            let fresh = try await server.send("GET", "/v1/users/me/profile", token: access)
            #expect(try fresh.text("display_name") == "ada")
            #expect(try fresh.text("time_zone") == "Etc/UTC")
            for name in ["country", "date_of_birth", "risk_tolerance", "experience", "avatar_url"] {
                #expect([nil, .null].contains(fresh.member(name)), "\(name)")
            }
            let kept = try await server.send("GET", "/v1/users/me/preferences", token: access)
            #expect(try kept.text("base_currency") == "USD")
            #expect(kept.member("settings") == .object([:]))
            // The other message proves nothing more.
            let again = try await server.send(
                "POST", "/v1/email-verifications/confirm", json: #"{"token": "\#(verification)"}"#)
            #expect(again.slug == "invalid-token")
            let types = try await server.test.owner.query(
                """
                SELECT type FROM platform.events WHERE owner_id = '\(user)'
                ORDER BY epoch, transaction_number, position
                """
            ).many { try $0.text(0) }
            // The notice of the new password comes after the address that it goes to.
            #expect(
                types.suffix(4)
                    == [
                        "user.email_verified", "user.profile_changed", "user.preferences_changed",
                        "user.password_changed",
                    ])
        }
    }

    @Test func aResetOfAVerifiedAccountKeepsTheProfile() async throws {
        try await withUsers { server in
            try await server.register("ada@example.com")
            let verification = try #require(try await server.mailedTokens(to: "ada@example.com").first)
            let verified = try await server.send(
                "POST", "/v1/email-verifications/confirm", json: #"{"token": "\#(verification)"}"#)
            #expect(verified.status == 204)
            _ = try await requestReset(server, "ada@example.com")
            let token = try #require(try await server.mailedTokens(to: "ada@example.com").last)
            #expect(try await confirm(server, token, new).status == 204)
            let access = try await server.logIn("ada@example.com", password: new).access
            let profile = try await server.send("GET", "/v1/users/me/profile", token: access)
            #expect(try profile.text("display_name") == "Ada")
            let verifications = try await server.test.owner.query(
                "SELECT count(*) FROM platform.events WHERE type = 'user.email_verified'")
            #expect(try verifications[0].int(0) == 1)
        }
    }
}
