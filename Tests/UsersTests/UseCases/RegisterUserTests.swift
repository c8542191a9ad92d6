import DatabaseClient
import ExactTypes
import Foundation
import GroveTesting
import ServiceKit
import SharedTypes
import StrictJSON
import Testing

@testable import Users

@Suite struct RegisterUserTests {
    @Test func anAccountWithItsDefaults() async throws {
        try await withUsers { server in
            let answer = try await server.send(
                "POST", "/v1/users",
                json: """
                    {"email": "Ada@Example.com", "password": "unlikely tulip 42", "display_name": "Ada Lovelace",
                     "country": "GB", "date_of_birth": "1985-12-10", "time_zone": "Europe/London",
                     "base_currency": "GBP", "locale": "en-GB"}
                    """)
            #expect(answer.status == 201)
            #expect(try answer.text("email") == "Ada@example.com")
            #expect(try answer.text("status") == "pending_verification")
            #expect(answer.member("email_verified") == .bool(false))
            #expect(!answer.text.contains("argon2"))
            let token = try await server.logIn("ada@example.com").access
            let profile = try await server.send("GET", "/v1/users/me/profile", token: token)
            #expect(try profile.text("country") == "GB")
            #expect(try profile.text("date_of_birth") == "1985-12-10")
            let preferences = try await server.send("GET", "/v1/users/me/preferences", token: token)
            #expect(try preferences.text("base_currency") == "GBP")
            #expect(try preferences.text("cost_basis_method") == "fifo")
        }
    }

    @Test func aTakenEmailIsAConflictInAnyCase() async throws {
        try await withUsers { server in
            try await server.register("ada@example.com")
            let answer = try await server.send(
                "POST", "/v1/users",
                json: #"{"email": "ADA@EXAMPLE.COM", "password": "unlikely tulip 42", "display_name": "Eve"}"#
            )
            #expect(answer.status == 409)
            #expect(answer.slug == "email-taken")
            #expect(try await server.mailedTokens(to: "ADA@example.com").isEmpty)
        }
    }

    @Test func ofSixteenRegistrationsAtOnceOneSucceeds() async throws {
        try await withUsers { server in
            let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<16 {
                    group.addTask {
                        try await server.send(
                            "POST", "/v1/users",
                            json:
                                #"{"email": "ada@example.com", "password": "unlikely tulip 42", "display_name": "A"}"#
                        ).status
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(statuses.filter { $0 == 201 }.count == 1)
            #expect(statuses.filter { $0 == 409 }.count == 15)
        }
    }

    @Test(arguments: [
        (#"{"email": "ada", "password": "unlikely tulip 42", "display_name": "A"}"#, "email"),
        (#"{"email": "a@b.ch", "password": "short", "display_name": "A"}"#, "password"),
        (#"{"email": "a@b.ch", "password": "Password1", "display_name": "A"}"#, "password"),
        (#"{"email": "a@b.ch", "password": "unlikely tulip 42", "display_name": ""}"#, "display_name"),
        (
            #"{"email": "a@b.ch", "password": "unlikely tulip 42", "display_name": "a\u0000b"}"#,
            "display_name"
        ),
        (#"{"email": "a@b.ch", "display_name": "A"}"#, "password"),
        (
            #"{"email": "a@b.ch", "password": "unlikely tulip 42", "display_name": "A", "admin": true}"#,
            "admin"
        ),
        (
            #"{"email": "a@b.ch", "password": "unlikely tulip 42", "display_name": "A", "base_currency": "XXQ"}"#,
            "base_currency"
        ),
        (
            #"{"email": "a@b.ch", "password": "unlikely tulip 42", "display_name": "A", "date_of_birth": "2021-02-30"}"#,
            "date_of_birth"
        ),
        (
            #"{"email": "a@b.ch", "password": "unlikely tulip 42", "display_name": "A", "date_of_birth": "2020-01-01"}"#,
            "date_of_birth"
        ),
        (
            #"{"email": "a@b.ch", "password": "unlikely tulip 42", "display_name": "A", "time_zone": "Mars/Base"}"#,
            "time_zone"
        ),
        (
            #"{"email": "a@b.ch", "password": "unlikely tulip 42", "display_name": "A", "country": "XX"}"#,
            "country"
        ),
        (
            #"{"email": "a@b.ch", "password": "unlikely tulip 42", "display_name": "A", "locale": "e_"}"#,
            "locale"
        ),
    ])
    func namesTheFieldAtFault(_ json: String, _ field: String) async throws {
        try await withUsers { server in
            let answer = try await server.send("POST", "/v1/users", json: json)
            #expect(answer.status == 422)
            #expect(try answer.text("field") == field)
            let count = try await server.test.owner.query("SELECT count(*) FROM users.users")
            #expect(try count[0].int(0) == 0)
        }
    }

    @Test func registrationsFromOneAddressAreLimited() async throws {
        try await withUsers { server in
            // Refused registrations count too: they probe for members.
            for number in 0..<60 {
                let answer = try await server.send(
                    "POST", "/v1/users",
                    json: #"{"email": "a\#(number)@b.ch", "password": "short", "display_name": "A"}"#)
                #expect(answer.status == 422)
            }
            let answer = try await server.send(
                "POST", "/v1/users", json: #"{"email": "a@b.ch", "password": "short", "display_name": "A"}"#)
            #expect(answer.status == 429)
            #expect(answer.slug == "too-many-attempts")
            #expect(Int(answer.headers["retry-after"] ?? "").map { (1...3_600).contains($0) } == true)
        }
    }

    @Test func aVerifiedAccountInProcessGetsNoMail() async throws {
        try await withUsers { server in
            let userID = try await server.users.registerVerifiedUser(
                email: "demo@grove.example", password: "unlikely tulip 42")
            let me = try await server.send(
                "GET", "/v1/users/me", token: server.logIn("demo@grove.example").access)
            #expect(try me.text("id") == userID.description)
            #expect(try me.text("status") == "active")
            #expect(try await server.mailedTokens(to: "demo@grove.example").isEmpty)
        }
    }

    @Test func theHashIsArgon2id() async throws {
        try await withUsers { server in
            try await server.register("ada@example.com")
            let hash = try await server.test.owner.query("SELECT password_hash FROM users.users")[0].text(0)
            #expect(hash.hasPrefix("$argon2id$v=19$m=19456,t=2,p=1$"))
        }
    }
}
