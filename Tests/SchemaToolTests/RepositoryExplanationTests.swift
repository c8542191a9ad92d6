import DatabaseClient
import Migrations
import SchemaAnalysis
import Testing

/// A whole run over a small repository, whose faults are planted.
@Suite struct RepositoryExplanationTests {
    private static let statements = """
        -- name: listNames :many
        -- What is wrong with it is known.
        -- explain: sort because a user has few
        SELECT name FROM portfolios.portfolios WHERE user_id = :user_id ORDER BY name;
        -- name: findName :optional
        -- explain: sort because it was so once
        SELECT name FROM portfolios.portfolios WHERE user_id = :user_id AND id = :portfolio_id;
        -- name: listNotes :many
        SELECT note FROM portfolios.lots WHERE user_id = :user_id /*? AND note = :note */ ORDER BY quantity;
        -- name: listRates :many
        SELECT base FROM market.exchange_rates WHERE day = :day;
        -- name: copyRates :copy
        COPY market.exchange_rates (base, day, rate) FROM STDIN;
        """

    private static let rows = """
        CREATE INDEX lots_idle_idx ON portfolios.lots (details);
        INSERT INTO users.users SELECT gen_random_uuid(), n || '@example.com' FROM generate_series(1, 100) n;
        INSERT INTO market.instruments VALUES (gen_random_uuid(), 'ACME', 'equity', 'USD');
        INSERT INTO portfolios.portfolios SELECT id, id, 'Main', NULL, now() FROM users.users;
        INSERT INTO portfolios.lots SELECT u.id, gen_random_uuid(), u.id, i.id, n
        FROM users.users u, market.instruments i, generate_series(1, 50) n;
        GRANT USAGE ON SCHEMA portfolios, app TO portfolios_service;
        GRANT SELECT ON portfolios.portfolios, portfolios.lots TO portfolios_service;
        GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA app TO portfolios_service;
        ANALYZE
        """

    private func explain(only: String? = nil) async throws -> RepositoryExplanation.Outcome {
        var files = Fixture.migrations
        files["Packages/Portfolios/Queries/things.sql"] = Self.statements
        return try await withScratch { database in
            try await withFolder(Fixture.calling(files)) { path in
                try await Migrator(
                    connectionString: database.connectionString,
                    folder: try MigrationFolder(path: "\(path)/migrations")
                ).up()
                try await withConnection(database) { try await $0.script(Self.rows) }
                return try await RepositoryExplanation(repository: path, only: only)
                    .run(database.connectionString)
            }
        }
    }

    @Test func everyPlantedFaultIsFoundWithItsPlace() async throws {
        let findings = try await explain().findings
        let found = Set(findings.map { "\($0.rule) \($0.subject)" })
        #expect(
            found == [
                "sort Portfolios.listNotes", "sort Portfolios.listNotes (note)", "waiver Portfolios.findName",
                "error Portfolios.listRates", "scan market.instruments.instruments_replaced_by_fkey",
                "scan portfolios.lots.lots_instrument_id_fkey", "index portfolios.lots_idle_idx",
            ])
        let sort = try #require(findings.first { $0.subject == "Portfolios.listNotes" })
        #expect(sort.place == "Packages/Portfolios/Queries/things.sql:8")
        #expect(sort.message == "sorts rows of portfolios.lots by quantity (portfolios.lots has 5000 rows)")
        let error = try #require(findings.first { $0.rule == "error" })
        #expect(error.message.contains("permission denied for schema market"))
    }

    @Test func theReportSaysStatementPlanAndIndex() async throws {
        let outcome = try await explain()
        // The table has two pages: the planner reads them, and the tool does not mind.
        let line = outcome.report.split(separator: "\n").first { $0.hasPrefix("| Portfolios.findName |") }
        #expect(line == "| Portfolios.findName | portfolios_service | Seq Scan of portfolios |  |")
        #expect(outcome.report.contains("| Portfolios.listNotes (note) | portfolios_service |"))
        #expect(outcome.copies == ["Portfolios.copyRates"])
    }

    @Test func oneModuleAloneJudgesNoIndex() async throws {
        let findings = try await explain(only: "Portfolios").findings
        #expect(findings.contains { $0.rule == "sort" })
        #expect(!findings.contains { $0.rule == "index" || $0.subject.hasSuffix("_fkey") })
        await #expect(throws: UnknownModule.self) { try await explain(only: "Nobody") }
    }
}
