import DatabaseClient
import Foundation
import Migrations
import SchemaAnalysis
import SwiftGeneration
import Testing

/// A statement gives rights because code calls it, and a planned context gives none at all.
struct CallerTests {
    private static let useCase = "Packages/Market/Sources/Market/UseCases/FindInstrument.swift"
    private static let files = Fixture.migrations.merging([
        "Packages/Market/Queries/instruments.sql": """
        -- name: findInstrument :optional
        SELECT id, symbol FROM market.instruments WHERE id = :instrument_id;
        -- name: deleteInstrument :exec
        DELETE FROM market.instruments WHERE id = :instrument_id;
        """,
        useCase: """
        // A comment calls nothing: database.deleteInstrument(instrumentID: id)
        let found = try await database.findInstrument(instrumentID: id)
        """,
    ]) { $1 }

    private func generate(_ path: String, isCheck: Bool = false) async throws -> RepositoryGeneration.Outcome
    {
        try await RepositoryGeneration(repository: path, isCheck: isCheck)
            .run(server: await TestServer.shared.url())
    }

    private func grants(of role: String, in path: String) throws -> [Substring] {
        try read("migrations/grants.sql", in: path).split(separator: "\n")
            .filter { $0.hasPrefix("GRANT") && $0.hasSuffix("TO \(role);") && $0.contains(" ON market.") }
    }

    @Test func onlyWhatIsCalledMayBeRun() async throws {
        try await withFolder(Self.files) { path in
            let outcome = try await generate(path)
            #expect(outcome.isClean)
            // Swift comes before its caller.
            #expect(
                outcome.warnings.map(\.message) == [
                    "no code of the package calls deleteInstrument, so no role may run it"
                ])
            let queries = try read(
                "Packages/Market/Sources/Market/Generated/InstrumentsQueries.swift", in: path)
            #expect(queries.contains("func deleteInstrument("))
            #expect(
                try grants(of: "market_service", in: path) == [
                    "GRANT SELECT (id, symbol) ON market.instruments TO market_service;"
                ])
            try write("database\n    .deleteInstrument(instrumentID: id)", to: Self.useCase, in: path)
            _ = try await generate(path)
            #expect(
                try grants(of: "market_service", in: path) == [
                    "GRANT DELETE ON market.instruments TO market_service;",
                    "GRANT SELECT (id) ON market.instruments TO market_service;",
                ])
        }
    }

    @Test func aCheckRefusesWhatNobodyCallsUnlessItIsListed() async throws {
        try await withFolder(Self.files) { path in
            _ = try await generate(path)
            let refused = try await generate(path, isCheck: true)
            #expect(refused.diagnostics.map(\.position.line) == [3])
            try write("deleteInstrument\n", to: "Packages/Market/Queries/uncalled", in: path)
            let listed = try await generate(path, isCheck: true)
            #expect(listed.isClean && listed.changes.isEmpty, "\(listed.diagnostics) \(listed.changes)")
            try write(
                "deleteInstrument\nfindInstrument\ngone\n", to: "Packages/Market/Queries/uncalled", in: path)
            let diagnostics = try await generate(path, isCheck: true).diagnostics
            #expect(diagnostics.map(\.file) == Array(repeating: "Packages/Market/Queries/uncalled", count: 2))
            #expect(diagnostics.map(\.position.line) == [2, 3])
        }
    }

    @Test func aPlannedContextIsCheckedAndGetsNothing() async throws {
        var files = Self.files
        files["migrations/contexts"] = "users\nportfolios\nmarket planned\n"
        try await withFolder(files) { path in
            let outcome = try await generate(path)
            #expect(outcome.isClean && outcome.warnings.isEmpty)
            #expect(
                !outcome.changes.contains { $0.path.contains("/Generated/") && $0.path.contains("Market") })
            #expect(try grants(of: "market_service", in: path) == [])
            #expect(try read("migrations/grants.sql", in: path).contains("FROM market_service;"))
            #expect(try await generate(path, isCheck: true).isClean)

            try write(
                "-- name: broken :many\nSELECT nothing FROM market.instruments;",
                to: "Packages/Market/Queries/instruments.sql", in: path)
            #expect(try await generate(path).diagnostics.count == 1)
        }
    }

    @Test func theRolesOfAPlannedContextMayNotConnect() async throws {
        var files = Self.files
        files["migrations/contexts"] = "users\nportfolios\nmarket planned\n"
        try await withScratch { database in
            try await withFolder(files) { path in
                let roles = try MigrationFolder(path: "\(path)/migrations").roles
                #expect(roles.served == ["users", "portfolios"])
                try await roles.create(connectionString: database.connectionString)
                try await withConnection(database) { connection in
                    let may = try await connection.query(
                        """
                        SELECT rolname FROM pg_roles WHERE rolname ~ '^(users|market)_(service|worker)$'
                            AND has_database_privilege(rolname, current_database(), 'CONNECT') ORDER BY 1
                        """
                    ).many { try $0.text(0) }
                    #expect(may == ["users_service", "users_worker"])
                }
            }
        }
    }
}
