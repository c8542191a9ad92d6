import DatabaseClient
import ExactTypes
import Foundation
import GroveTesting
import SharedTypes
import Testing

@testable import Users

@Suite struct RowLevelSecurityTests {
    private static let tables = [
        "users.users", "users.user_profiles", "users.user_preferences", "users.sessions",
        "users.refresh_tokens",
        "users.email_tokens", "users.outgoing_mails",
    ]

    private func count(_ server: UsersServer, _ table: String, as user: User.ID?) async throws -> Int {
        // The query names no user, so the policy decides.
        let column = table == "users.users" ? "id" : "user_id"
        let statement = Statement(
            name: "test.\(table)", sql: "SELECT count(\(column)) FROM \(table)", access: .read)
        let executor: any QueryExecutor = user.map { server.database.acting(as: $0.uuid) } ?? server.database
        return try await executor.execute(statement, Parameters())[0].int(0)
    }

    @Test func withoutAnActingUserNoRowIsVisible() async throws {
        try await withUsers { server in
            let ada = try await server.register("ada@example.com")
            try await server.register("eve@example.com")
            _ = try await server.logIn("ada@example.com")
            _ = try await server.logIn("eve@example.com")
            for table in Self.tables {
                #expect(try await count(server, table, as: nil) == 0, "\(table)")
                #expect(try await count(server, table, as: ada) == 1, "\(table)")
                let all = try await server.test.owner.query("SELECT count(*) FROM \(table)")[0].int(0)
                #expect(all == 2, "\(table)")
            }
        }
    }

    @Test func nobodyWritesForAnother() async throws {
        try await withUsers { server in
            let ada = try await server.register("ada@example.com")
            let eve = try await server.register("eve@example.com")
            let acting = server.database.acting(as: eve.uuid)
            try await acting.changePasswordHash(passwordHash: "$argon2id$stolen", now: Date(), userID: ada)
            #expect(try await acting.closeUser(now: Date(), userID: ada) == 0)
            await #expect(throws: DatabaseError.self) {
                try await acting.insertSession(
                    userID: ada, sessionID: .version7(at: Date()), userAgent: "", address: "", now: Date(),
                    expiresAt: Date().addingTimeInterval(60))
            }
            _ = try await server.logIn("ada@example.com")
        }
    }

    @Test func theRoleOwnsNothing() async throws {
        try await withUsers { server in
            let forbidden = [
                "DELETE FROM users.users", "TRUNCATE users.sessions",
                "UPDATE users.users SET is_operator = true",
                "UPDATE users.refresh_tokens SET user_id = user_id",
                "ALTER TABLE users.users DISABLE ROW LEVEL SECURITY",
            ]
            for sql in forbidden {
                let statement = Statement(name: "test.forbidden", sql: sql, access: .write)
                let error = await #expect(throws: DatabaseError.self, "\(sql)") {
                    _ = try await server.database.execute(statement, Parameters())
                }
                #expect(error?.sqlState == "42501", "\(sql)")
            }
        }
    }
}
