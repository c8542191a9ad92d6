import DatabaseClient
import Foundation
import GroveFactories
import GroveTesting
import Migrations
import SchemaAnalysis
import Testing

/// Every statement of every module runs, as its role and under its user, on a row of every table; and as another
/// user it finds none of them.
@Suite struct StatementTests {
    static let modules: [String] = {
        let found = try? Module.discover(repository: Repository.root.path, roles: Repository.migrations.roles)
        return (found?.modules ?? []).map(\.name)
    }()

    /// Tables that no statement fills and reads, and who does.
    static let withoutStatements = [
        "platform.event_epochs": "infra/backup/after-restore.sql",
        "platform.migrations": "the migrator",
        "platform.payload_readers": "platform.let_read()",
        "portfolios.basket_assets": "portfolios.publish_basket_version()",
        "portfolios.basket_versions": "portfolios.publish_basket_version()",
        "users.erasures": "users.erase_user()",
    ]

    @Test func everyTableIsFilledAndReadByAStatement() async throws {
        let modules = try Module.discover(
            repository: Repository.root.path, roles: Repository.migrations.roles
        ).modules
        let text = modules.flatMap(\.statements).map(\.sql).joined(separator: "\n")
        let inserted = Set(text.matches(of: /INTO ([a-z]+\.[a-z_]+)/).map { String($0.1) })
        let read = Set(text.matches(of: /(FROM|JOIN) ([a-z]+\.[a-z_]+)/).map { String($0.2) })
        let tables = try await withTestDatabase { test in
            Set(try await TableCatalog.read(test.owner).tables.keys)
        }
        #expect(tables.subtracting(inserted.intersection(read)) == Set(Self.withoutStatements.keys))
    }

    /// What is wrong with the statements of a module, and how many of its reads found a row.
    private func tryAll(
        of name: String, _ test: TestDatabase
    ) async throws -> (findings: [String], found: Int, read: Int) {
        let module = try #require(
            Module.discover(repository: Repository.root.path, roles: Repository.migrations.roles).modules
                .first { $0.name == name })
        let trial = try await StatementTrial(test)
        var findings: [String] = []
        var found = 0
        var read = 0
        // What every service runs, the one runs whose events, consumers and jobs the trial has.
        func role(of statement: QueryStatement) -> String? {
            let roles = module.roles(of: statement)
            return roles.first { $0.hasPrefix("gamification_") } ?? roles.first
        }
        let called = module.calledStatements
        let awaiting = module.statements.filter { statement in !called.contains { $0.name == statement.name }
        }
        // What no code calls yet gives its role no right.
        for (name, statements, isCalled) in [(called, true), (awaiting, false)].flatMap({
            statements, isCalled in
            Set(statements.compactMap(role)).sorted().map { ($0, statements, isCalled) }
        }) {
            if !isCalled { try await test.grantEverything(to: name) }
            let connection = try await DatabaseConnection.connect(test.connectionString(role: name))
            for statement in statements where role(of: statement) == name {
                let report = try await trial.report(on: statement, connection)
                findings += report.findings.map { "\(statement.name): \($0)" }
                guard statement.kind == .optional || statement.kind == .many else { continue }
                read += 1
                found += report.rows > 0 ? 1 : 0
            }
            await connection.close()
        }
        return (findings, found, read)
    }

    @Test(arguments: modules)
    func everyStatementRunsAsItsRoleAndForItsUserAlone(_ name: String) async throws {
        try await withTestDatabase { test in
            let (findings, found, read) = try await tryAll(of: name, test)
            #expect(findings == [])
            // Where no statement finds anything, nothing is shown by a stranger who finds nothing.
            #expect(found * 2 > read, "\(found) of \(read) reads found a row")
        }
    }

    /// With the policies open, and a table shut, it says so.
    @Test func aPolicyThatLetsEverybodyInIsSeen() async throws {
        try await withTestDatabase { test in
            try await test.owner.script(
                """
                ALTER POLICY loans_owner ON loans.loans USING (true) WITH CHECK (true);
                """)
            let loans = try await tryAll(of: "Loans", test).findings
            #expect(loans.contains("findLoan: a stranger reaches 1 rows"))
            #expect(loans.contains("lockLoan: a stranger reaches 1 rows"))
            #expect(!loans.contains { $0.hasPrefix("findPayment") })
        }
        try await withTestDatabase { test in
            try await test.owner.script(
                """
                ALTER POLICY portfolios_owner ON portfolios.portfolios USING (true) WITH CHECK (true);
                REVOKE DELETE ON portfolios.lots FROM portfolios_service;
                """)
            let portfolios = try await tryAll(of: "Portfolios", test).findings
            #expect(portfolios.contains("findPortfolio: a stranger reaches 1 rows"))
            #expect(
                portfolios.contains("deleteLots: permission denied for table lots (42501)"))
        }
    }
}
