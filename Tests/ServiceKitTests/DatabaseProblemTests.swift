import GroveTesting
import StrictJSON
import Testing

@testable import ServiceKit

/// Errors that PostgreSQL itself raises, as a client meets them.
@Suite struct DatabaseProblemTests {
    @Test(arguments: [
        ("53100", "database-unavailable"), ("53200", "database-unavailable"),
        ("53300", "database-unavailable"),
        ("53400", "database-unavailable"), ("57P01", "database-unavailable"),
        ("57P02", "database-unavailable"), ("57P03", "database-unavailable"),
        ("57P05", "database-unavailable"), ("08006", "database-unavailable"),
        ("25006", "database-unavailable"), ("40001", "contention"), ("40P01", "contention"),
        ("40002", "contention"), ("55P03", "contention"), ("57014", "timeout"), ("25P03", "timeout"),
        ("40003", "outcome-unknown"),
    ])
    func anOutageIs503(sqlState: String, slug: String) async throws {
        try await withDatabase { server in
            let answer = try await server.send("GET", "/v1/raise/\(sqlState)")
            #expect(answer.status == 503)
            #expect(answer.json["type"] == .string("urn:grove:problem:\(slug)"))
            #expect(answer.headers["retry-after"] != nil)
            #expect(!answer.text.contains("raised"))
        }
    }

    @Test(arguments: ["23505", "22003", "42501", "42P01", "XX001", "58030", "P0001"])
    func whatIsTheProgramsFaultIs500(sqlState: String) async throws {
        try await withDatabase { server in
            let answer = try await server.send("GET", "/v1/raise/\(sqlState)")
            #expect(answer.status == 500)
            #expect(answer.json["type"] == .string("urn:grove:problem:internal-error"))
        }
    }

    private func withDatabase(_ body: @escaping @Sendable (TestServer) async throws -> Void) async throws {
        try await withTestDatabase { test in
            let database = test.database(role: "portfolios_service")
            try await withServer(
                modules: [ProbeModule(database: database)], databases: [database]
            ) { try await body($0) }
        }
    }
}
