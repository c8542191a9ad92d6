import DatabaseClient
import ExactTypes
import Foundation
import GroveTesting
import ServiceKit
import SharedTypes
import StrictJSON
import Testing

@testable import Users

@Suite struct LogInTests {
    @Test func tokensForTheRightPassword() async throws {
        try await withUsers { server in
            try await server.register("ada@example.com")
            let answer = try await server.attemptLogIn("ADA@example.com")
            #expect(answer.status == 201)
            #expect(answer.headers["cache-control"] == "no-store")
            #expect(try answer.text("token_type") == "Bearer")
            #expect(answer.member("expires_in") == .number(900))
            let me = try await server.send("GET", "/v1/users/me", token: answer.text("access_token"))
            #expect(me.status == 200)
            #expect(try me.text("email") == "ada@example.com")
        }
    }

    @Test func anUnknownEmailAndAWrongPasswordAreAnsweredAlike() async throws {
        try await withUsers { server in
            try await server.register("ada@example.com")
            let wrong = try await server.attemptLogIn("ada@example.com", password: "unlikely tulip 43")
            let unknown = try await server.attemptLogIn("eve@example.com", password: "unlikely tulip 43")
            #expect(wrong.status == 401)
            #expect(unknown.status == 401)
            #expect(wrong.slug == "invalid-credentials")
            for name in ["type", "title", "status", "detail", "field", "instance"] {
                #expect(wrong.member(name) == unknown.member(name))
            }
            let varying = ["date", "x-request-id"]
            #expect(
                wrong.headers.filter { !varying.contains($0.key) }
                    == unknown.headers.filter { !varying.contains($0.key) })
        }
    }

    @Test func tenFailuresCloseTheAccountAlsoForTheRightPasswordAndForUnknownEmails() async throws {
        try await withUsers { server in
            try await server.register("ada@example.com")
            for email in ["ada@example.com", "nobody@example.com"] {
                for _ in 0..<10 {
                    #expect(try await server.attemptLogIn(email, password: "wrong tulip 42").status == 401)
                }
                let refused = try await server.attemptLogIn(email)
                #expect(refused.status == 429)
                #expect(Int(refused.headers["retry-after"] ?? "").map { (1...900).contains($0) } == true)
            }
            // Others log in as before, and the window ends.
            try await server.register("bob@example.com")
            _ = try await server.logIn("bob@example.com")
            server.clock.advance(seconds: 15 * 60)
            _ = try await server.logIn("ada@example.com")
        }
    }

    @Test func parallelGuessesGainNothing() async throws {
        try await withUsers { server in
            try await server.register("ada@example.com")
            let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<40 {
                    group.addTask {
                        try await server.attemptLogIn("ada@example.com", password: "wrong tulip 42").status
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(statuses.allSatisfy { $0 == 401 || $0 == 429 })
            #expect(try await server.attemptLogIn("ada@example.com").status == 429)
        }
    }

    @Test func manyDevicesMayLogInAtOnce() async throws {
        try await withUsers { server in
            try await server.register("ada@example.com")
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<24 { group.addTask { _ = try await server.logIn("ada@example.com") } }
                try await group.waitForAll()
            }
        }
    }

    @Test func sessionsOfAnAccountAreLimitedAndOnlyWhoKnowsThePasswordLearnsOfIt() async throws {
        try await withUsers { server in
            try await server.register("ada@example.com")
            _ = try await server.logIn("ada@example.com")
            try await setAttempts(60, "session_account", server)
            let refused = try await server.attemptLogIn("ada@example.com")
            #expect(refused.status == 429)
            #expect(refused.slug == "too-many-attempts")
            #expect(Int(refused.headers["retry-after"] ?? "").map { (1...3_600).contains($0) } == true)
            #expect(
                try await server.attemptLogIn("ada@example.com", password: "wrong tulip 42").status == 401)
            try await server.register("bob@example.com")
            _ = try await server.logIn("bob@example.com")
            server.clock.advance(seconds: 3_600)
            _ = try await server.logIn("ada@example.com")
        }
    }

    @Test func theTableOfAttemptsNamesNobody() async throws {
        try await withUsers { server in
            _ = try await server.attemptLogIn("ada@example.com")
            let rows = try await server.test.owner.query("SELECT subject_hash FROM users.login_attempts")
            #expect(rows.rowCount == 3)
            for index in 0..<rows.rowCount { #expect(try rows[index].bytes(0).count == 32) }
        }
    }

    @Test func aHashOfOldParametersIsRenewed() async throws {
        try await withUsers { server in
            try await server.register("ada@example.com")
            let old = try Argon2id(memoryKibibytes: 8_192, passes: 1, lanes: 1)
                .hash(Array(UsersServer.password.utf8), salt: [UInt8](repeating: 1, count: 16))
            try await server.test.owner.script("UPDATE users.users SET password_hash = '\(old)'")
            _ = try await server.logIn("ada@example.com")
            let renewed = try await server.test.owner.query("SELECT password_hash FROM users.users")[0].text(
                0)
            #expect(renewed.hasPrefix(Argon2id.standard.prefix))
            _ = try await server.logIn("ada@example.com")
        }
    }

    @Test func aSuspendedAccountIsToldOnlyToItsOwner() async throws {
        try await withUsers { server in
            try await server.register("ada@example.com")
            try await server.test.owner.script("UPDATE users.users SET status = 'suspended'")
            let right = try await server.attemptLogIn("ada@example.com")
            #expect(right.status == 403)
            #expect(right.slug == "account-suspended")
            #expect(
                try await server.attemptLogIn("ada@example.com", password: "wrong tulip 42").status == 401)
        }
    }

    @Test func oldSessionsAreForgotten() async throws {
        try await withUsers { server in
            try await server.register("ada@example.com")
            _ = try await server.logIn("ada@example.com")
            server.clock.advance(days: 121)
            _ = try await server.logIn("ada@example.com")
            for table in ["sessions", "refresh_tokens"] {
                let count = try await server.test.owner.query("SELECT count(*) FROM users.\(table)")[0].int(0)
                #expect(count == 1)
            }
        }
    }
}
