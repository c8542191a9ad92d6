import DatabaseClient
import GroveTesting
import Testing

/// The limits by address, for clients that have a whole network of IPv6.
@Suite struct AddressLimitTests {
    private func register(_ server: UsersServer, from address: String) async throws -> Int {
        // The password is refused, and the request counts all the same.
        try await server.send(
            "POST", "/v1/users", from: address, json: #"{"email": "ada@example.com", "password": "short"}"#
        ).status
    }

    @Test func sixtyAddressesOfANetworkRegisterAsOne() async throws {
        try await withUsers { server in
            for number in 1...60 {
                let status = try await register(server, from: "2001:db8::\(number)")
                #expect(status == 422)
            }
            #expect(try await register(server, from: "2001:db8::ffff:1") == 429)
            #expect(try await register(server, from: "[2001:db8::2%eth0]:443") == 429)
            #expect(try await register(server, from: "2001:db8:0:1::1") == 422)
            #expect(try await register(server, from: "192.0.2.7") == 422)
        }
    }

    @Test func aMappedAddressIsTheIPv4Address() async throws {
        try await withUsers { server in
            let first = try await register(server, from: "192.0.2.7")
            #expect(first == 422)
            try await setAttempts(60, "registration_address", server)
            #expect(try await register(server, from: "::ffff:192.0.2.7") == 429)
            #expect(try await register(server, from: "::ffff:c000:207") == 429)
            #expect(try await register(server, from: "::ffff:192.0.2.8") == 422)
        }
    }

    @Test func addressesOfANetworkGuessAsOne() async throws {
        try await withUsers { server in
            func guess(_ email: String, from address: String) async throws -> Int {
                try await server.attemptLogIn(email, password: "wrong tulip 42", from: address).status
            }
            #expect(try await guess("ada@example.com", from: "2001:db8::1") == 401)
            try await setAttempts(99, "login_address", server)
            #expect(try await guess("bob@example.com", from: "2001:db8::2") == 401)
            #expect(try await guess("cleo@example.com", from: "2001:db8::3") == 429)
            #expect(try await guess("cleo@example.com", from: "2001:db8:0:1::3") == 401)
        }
    }

    @Test func addressesOfANetworkSendMessagesAsOne() async throws {
        try await withUsers { server in
            func reset(_ email: String, from address: String) async throws -> Int {
                try await server.send(
                    "POST", "/v1/password-resets", from: address, json: #"{"email": "\#(email)"}"#
                ).status
            }
            #expect(try await reset("ada@example.com", from: "2001:db8::1") == 202)
            try await setAttempts(60, "email_address", server)
            #expect(try await reset("bob@example.com", from: "2001:db8::2") == 429)
            #expect(try await reset("bob@example.com", from: "2001:db8:0:1::2") == 202)
        }
    }

    @Test func passwordsOfANetworkAreLimitedAlsoWhereTheyAreRight() async throws {
        try await withUsers { server in
            try await server.register("ada@example.com")
            _ = try await server.attemptLogIn("ada@example.com", from: "2001:db8::1")
            try await setAttempts(599, "password_address", server)
            #expect(try await server.attemptLogIn("ada@example.com", from: "2001:db8::2").status == 201)
            let refused = try await server.attemptLogIn("ada@example.com", from: "2001:db8::3")
            #expect(refused.status == 429)
            #expect(refused.slug == "too-many-attempts")
            #expect(Int(refused.headers["retry-after"] ?? "").map { (1...3_600).contains($0) } == true)
            #expect(try await server.attemptLogIn("ada@example.com", from: "192.0.2.7").status == 201)
        }
    }
}

/// Lets every subject of a scope have made so many attempts.
func setAttempts(_ count: Int, _ scope: String, _ server: UsersServer) async throws {
    let changed = try await server.test.owner.query(
        "UPDATE users.login_attempts SET attempts = \(count) WHERE scope = '\(scope)' RETURNING attempts")
    try #require(changed.rowCount > 0, "nothing was counted as \(scope)")
}
