import DatabaseClient
import ExactTypes
import Foundation
import GroveTesting
import SharedTypes
import Testing

/// What the other contexts are told of an account, each fact once.
@Suite struct UserEventsTests {
    private func told(_ server: UsersServer, of user: User.ID) async throws -> [String] {
        try await server.test.owner.query(
            """
            SELECT concat_ws(' ', type, payload ->> 'email', payload ->> 'display_name', payload ->> 'locale',
                payload ->> 'time_zone')
            FROM platform.events WHERE owner_id = '\(user)' ORDER BY epoch, transaction_number, position
            """
        ).many { try $0.text(0) }
    }

    @Test func eachFactIsToldOnce() async throws {
        try await withUsers { server in
            let user = try await server.register("ada@example.com")
            let taken = try await server.send(
                "POST", "/v1/users",
                json: #"{"email": "ada@example.com", "password": "\#(UsersServer.password)"}"#)
            #expect(taken.status == 409)
            let mailed = try #require(try await server.mailedTokens(to: "ada@example.com").first)
            for status in [204, 422] {
                let answer = try await server.send(
                    "POST", "/v1/email-verifications/confirm", json: #"{"token": "\#(mailed)"}"#)
                #expect(answer.status == status)
            }
            let token = try await server.logIn("ada@example.com").access
            let stale = ["If-Match": "\"7\""]
            let profile = #"{"display_name": "Countess", "time_zone": "Europe/London"}"#
            for (headers, status) in [([:], 200), (stale, 412)] {
                let answer = try await server.send(
                    "PUT", "/v1/users/me/profile", token: token, headers: headers, json: profile)
                #expect(answer.status == status, "\(answer.text)")
            }
            let preferences = try await server.send(
                "PUT", "/v1/users/me/preferences", token: token,
                json: """
                    {"base_currency": "EUR", "locale": "de", "theme": "dark", "cost_basis_method": "fifo",
                     "settings": {}}
                    """)
            #expect(preferences.status == 200, "\(preferences.text)")
            for (current, status) in [("wrong", 403), (UsersServer.password, 204)] {
                let answer = try await server.send(
                    "POST", "/v1/users/me/password", token: token,
                    headers: ["Idempotency-Key": "to-\(status)"],
                    json: #"{"current_password": "\#(current)", "new_password": "another rose 43"}"#)
                #expect(answer.status == status, "\(answer.text)")
            }
            #expect(
                try await told(server, of: user)
                    == [
                        "user.registered Ada en Etc/UTC", "user.email_verified ada@example.com",
                        "user.profile_changed Countess Europe/London", "user.preferences_changed de",
                        "user.password_changed",
                    ])
        }
    }
}
