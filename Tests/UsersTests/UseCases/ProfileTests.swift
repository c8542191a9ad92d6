import ExactTypes
import Foundation
import GroveTesting
import ServiceKit
import SharedTypes
import StrictJSON
import Testing

@testable import Users

@Suite struct ProfileTests {
    private let profile = """
        {"display_name": "Countess", "time_zone": "Europe/London", "risk_tolerance": "growth",
         "experience": "advanced", "avatar_url": "https://example.com/ada.png"}
        """

    @Test func replacedWhole() async throws {
        try await withUsers { server in
            try await server.register("ada@example.com")
            let token = try await server.logIn("ada@example.com").access
            let before = try await server.send("GET", "/v1/users/me/profile", token: token)
            let tag = try #require(before.headers["etag"])
            let answer = try await server.send(
                "PUT", "/v1/users/me/profile", token: token, headers: ["If-Match": tag], json: profile)
            #expect(answer.status == 200)
            #expect(answer.member("revision") == .number(2))
            #expect(try answer.text("avatar_url") == "https://example.com/ada.png")
            let stale = try await server.send(
                "PUT", "/v1/users/me/profile", token: token, headers: ["If-Match": tag], json: profile)
            #expect(stale.status == 412)
            let bare = try await server.send(
                "PUT", "/v1/users/me/profile", token: token,
                json: #"{"display_name": "Ada", "time_zone": "Etc/UTC"}"#)
            #expect(bare.status == 200)
            #expect(bare.member("risk_tolerance") == nil)
            let after = try await server.send("GET", "/v1/users/me/profile", token: token)
            #expect(after.text == bare.text)
            let unchanged = try await server.send(
                "GET", "/v1/users/me/profile", token: token,
                headers: ["If-None-Match": try #require(after.headers["etag"])])
            #expect(unchanged.status == 304)
        }
    }

    @Test(arguments: [
        (#"{"display_name": "A", "time_zone": "Etc/UTC", "avatar_url": "http://a.b/c"}"#, "avatar_url"),
        (#"{"display_name": "A", "time_zone": "Etc/UTC", "risk_tolerance": "yolo"}"#, "risk_tolerance"),
        (#"{"display_name": "A", "time_zone": "Etc/UTC", "date_of_birth": "2015-01-01"}"#, "date_of_birth"),
        (#"{"display_name": "A", "time_zone": "Etc/UTC", "revision": 7}"#, "revision"),
        (#"{"display_name": "A"}"#, "time_zone"),
    ])
    func namesTheFieldAtFault(_ json: String, _ field: String) async throws {
        try await withUsers { server in
            try await server.register("ada@example.com")
            let token = try await server.logIn("ada@example.com").access
            let answer = try await server.send("PUT", "/v1/users/me/profile", token: token, json: json)
            #expect(answer.status == 422)
            #expect(try answer.text("field") == field)
        }
    }

    @Test func preferences() async throws {
        try await withUsers { server in
            try await server.register("ada@example.com")
            let token = try await server.logIn("ada@example.com").access
            let path = "/v1/users/me/preferences"
            let answer = try await server.send(
                "PUT", path, token: token, headers: ["If-Match": "\"1\""],
                json: """
                    {"base_currency": "CHF", "locale": "de-CH", "theme": "dark", "cost_basis_method": "average",
                     "settings": {"fontSize": 1.25, "columns_shown": ["a", null], "nested": {"deep": true}}}
                    """)
            #expect(answer.status == 200)
            let read = try await server.send("GET", path, token: token)
            #expect(read.text == answer.text)
            #expect(
                read.member("settings")
                    == .object([
                        "fontSize": .number(1.25), "columns_shown": .array([.string("a"), .null]),
                        "nested": .object(["deep": .bool(true)]),
                    ]))
            #expect(read.headers["etag"] == "\"2\"")
        }
    }

    @Test(arguments: [
        (#""settings": {"a": "\u0000"}"#, "settings"), (#""settings": {"a\u0000": 1}"#, "settings"),
        (#""settings": {"a": 1e400}"#, "settings"), (#""settings": [1]"#, "settings"),
        (#""settings": {"a": "\#(String(repeating: "x", count: 16_384))"}"#, "settings"),
        (#""theme_colour": "red""#, "theme_colour"),
    ])
    func preferencesNameTheFieldAtFault(_ member: String, _ field: String) async throws {
        try await withUsers { server in
            try await server.register("ada@example.com")
            let token = try await server.logIn("ada@example.com").access
            let answer = try await server.send(
                "PUT", "/v1/users/me/preferences", token: token,
                json: """
                    {"base_currency": "CHF", "locale": "de", "theme": "dark", "cost_basis_method": "fifo", \(member)}
                    """)
            #expect(answer.status == 422)
            #expect(try answer.text("field") == field)
        }
    }

    /// The revision is compared under the lock, so whoever lost the race is told what If-Match asks for.
    @Test(arguments: ["profile", "preferences"])
    func ofParallelReplacementsOneWinsAndTheOthersAre412(_ resource: String) async throws {
        let body =
            resource == "profile"
            ? profile
            : """
            {"base_currency": "CHF", "locale": "de", "theme": "dark", "cost_basis_method": "fifo",
             "settings": {}}
            """
        try await withUsers { server in
            try await server.register("ada@example.com")
            let token = try await server.logIn("ada@example.com").access
            let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<16 {
                    group.addTask {
                        try await server.send(
                            "PUT", "/v1/users/me/\(resource)", token: token,
                            headers: ["If-Match": "\"1\""], json: body
                        ).status
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(statuses.filter { $0 == 200 }.count == 1)
            #expect(statuses.filter { $0 == 412 }.count == 15, "\(statuses)")
        }
    }
}
