import Foundation
import SchemaAnalysis
import SwiftGeneration
import Testing

/// Statements that PostgreSQL runs and that a Citus cluster of a coordinator and two workers, version 13.2.2, refused.
struct ClusterRulesTests {
    private func faults(_ statements: String, hasCluster: Bool = true) async throws -> [String] {
        var files = Fixture.calling(
            Fixture.migrations.merging(["Packages/Portfolios/Queries/lots.sql": statements]) { $1 })
        files["Packages/Portfolios/README.md"] = "reads: market.instruments\n"
        if hasCluster { files["infra/citus/README.md"] = "" }
        return try await withFolder(files) { path in
            let outcome = try await RepositoryGeneration(repository: path).run(
                server: await TestServer.shared.url())
            return outcome.diagnostics.map(\.message)
        }
    }

    private static let insert = """
        -- name: insertLots :exec
        INSERT INTO portfolios.lots (user_id, id, portfolio_id, instrument_id, quantity)
        SELECT :user_id, lot.id, :portfolio_id, :instrument_id, 1
        FROM unnest(:ids::uuid[]) AS lot (id)
        """

    /// "COPY FROM not supported with row-level security".
    @Test func rowsOfASelectComeBack() async throws {
        let found = try await faults(Self.insert + ";")
        #expect(found.count == 1 && found.first?.contains("RETURNING 1") == true, "\(found)")
        #expect(try await faults(Self.insert + "\nRETURNING 1;") == [])
        let replacing = "\nON CONFLICT (user_id, id) DO UPDATE SET quantity = 2;"
        #expect(try await faults(Self.insert + replacing) == [])
        #expect(try await faults(Self.insert + ";", hasCluster: false) == [])
    }

    @Test func oneRowIsNoSelect() async throws {
        let one = """
            -- name: insertLot :exec
            INSERT INTO portfolios.lots (user_id, id, portfolio_id, instrument_id, quantity)
            VALUES (:user_id, :id, :portfolio_id, :instrument_id, :quantity);
            """
        #expect(try await faults(one) == [])
    }

    /// "correlated subqueries are not supported when the FROM clause contains a reference table".
    @Test func aSubqueryDoesNotNameTheCatalogueOutsideIt() async throws {
        func statement(_ comparison: String) -> String {
            """
            -- name: isHeld :optional
            SELECT i.symbol, EXISTS (
                SELECT 1 FROM portfolios.lots l WHERE l.user_id = :user_id AND l.instrument_id = \(comparison)
            ) AS "held!"
            FROM market.instruments i WHERE i.id = :instrument_id;
            """
        }
        let found = try await faults(statement("i.id"))
        #expect(found.count == 1 && found.first?.contains("catalogue") == true, "\(found)")
        #expect(try await faults(statement(":instrument_id")) == [])
    }
}
