import DatabaseClient
import Foundation
import GroveTesting
import Migrations
import SchemaAnalysis
import Testing

/// A database that was just filled has no statistics: after a restore, an upgrade of PostgreSQL, or a first large import. What
/// the services run must not wait for ANALYZE to come.
@Suite struct YoungDatabaseTests {
    /// Of each table. A statement that reads in a loop what it should read once visits millions.
    private static let rowCount = 4_000

    /// The statements that hand-written code calls.
    private static func calledStatements() throws -> [(module: Module, statement: QueryStatement)] {
        let modules = try Module.discover(
            repository: Repository.root.path, roles: Repository.migrations.roles
        ).modules
        return modules.flatMap { module in
            module.calledStatements.filter { $0.kind != .copy }.map { (module, $0) }
        }
    }

    /// The statements that visit more rows than the tables have, many times over.
    private func slow(_ trial: StatementTrial, _ test: TestDatabase) async throws -> (
        slow: [String], tried: Int
    ) {
        var slow: [String] = []
        var tried = 0
        let byRole = Dictionary(grouping: try Self.calledStatements()) {
            $0.module.roles(of: $0.statement).first ?? ""
        }
        for (role, statements) in byRole.sorted(by: { $0.key < $1.key }) {
            let connection = try await DatabaseConnection.connect(test.connectionString(role: role))
            for (module, statement) in statements {
                for variant in statement.variants.isEmpty ? [statement] : statement.variants {
                    for mode in ["custom", "generic"] {
                        // A transaction counts towards a few quests; other arrays are as long as an import.
                        let elements = module.name == "Gamification" ? 10 : Self.rowCount
                        let visits = try await trial.visits(
                            of: variant, planCacheMode: "force_\(mode)_plan", elements: elements,
                            connection)
                        guard let visits else { continue }
                        tried += 1
                        if visits > 40 * Self.rowCount {
                            slow.append("\(module.name).\(variant.name) (\(mode)): \(visits) rows")
                        }
                    }
                }
            }
            await connection.close()
        }
        return (slow, tried)
    }

    @Test func noStatementNeedsStatisticsToBeFast() async throws {
        try await withTestDatabase { test in
            let trial = try await StatementTrial(test)
            let multiplier = try await RowMultiplier(trial.rows, count: Self.rowCount, test.owner)
            let refused = try await multiplier.fill(test.owner)
            #expect(refused == [:])
            try await test.owner.script(
                "DELETE FROM pg_statistic; UPDATE pg_class SET reltuples = -1, relpages = 0 WHERE relkind = 'r'"
            )
            let young = try await slow(trial, test)
            #expect(young.slow == [])
            #expect(young.tried > 300, "\(young.tried) plans")
            try await test.owner.script("ANALYZE")
            let analysed = try await slow(trial, test)
            #expect(analysed.slow == [])

            // It bites: without their index, all fees are read for each transaction.
            try await test.owner.script("DROP INDEX portfolios.transaction_fees_transaction_idx")
            let broken = try await slow(trial, test).slow
            #expect(broken.contains { $0.hasPrefix("Portfolios.listHistory") }, "\(broken)")
        }
    }
}
