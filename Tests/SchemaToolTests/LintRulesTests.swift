import DatabaseClient
import Foundation
import Migrations
import Testing

@testable import MigrationLint

/// The examples of every rule, held against the rules and against PostgreSQL.
struct LintRulesTests {
    static let text = Rule.all.filter { if case .text = $0.check { true } else { false } }.map(\.name)
    /// All but those that compare with another commit.
    static let runnable = Rule.all.filter { if case .history = $0.check { false } else { true } }.map(\.name)

    @Test func everyRuleIsInTheListOnceAndSaysWhy() {
        #expect(Set(Rule.all.map(\.name)).count == Rule.all.count)
        for rule in Rule.all {
            #expect(rule.name.wholeMatch(of: /[a-z]+(-[a-z]+)+|trigger|rename/) != nil, "\(rule.name)")
            #expect(!rule.why.isEmpty && !rule.instead.isEmpty && !rule.bad.isEmpty && !rule.good.isEmpty)
        }
    }

    @Test(arguments: text)
    func theTextShowsTheBad(_ name: String) throws {
        let rule = try #require(Rule.all.first { $0.name == name })
        #expect(try LintFixture.lint(rule.bad).map(\.rule) == [name])
        #expect(try LintFixture.lint(rule.good) == [])
    }

    /// The bad gives this rule's finding, exactly one, and the good none, of text and catalog together; and
    /// PostgreSQL takes both, unless the rule says that it refuses the bad.
    @Test(arguments: runnable)
    func theExamplesRun(_ name: String) async throws {
        let rule = try #require(Rule.all.first { $0.name == name })
        #expect(try await LintFixture.lintMigrated(rule.good) == [])
        if rule.isBadRefused {
            await #expect(throws: MigrationError.self) { try await LintFixture.lintMigrated(rule.bad) }
        } else {
            #expect(try await LintFixture.lintMigrated(rule.bad).map(\.rule) == [name])
        }
    }

    @Test func theFixtureBreaksNoRule() async throws { #expect(try await LintFixture.lintMigrated([]) == []) }

    /// What these rules say of a rewrite is so: the bad gives the table new storage, the good leaves it.
    @Test(arguments: ["volatile-default", "stored-column", "type-change"])
    func theRewriteIsReal(_ name: String) async throws {
        let rule = try #require(Rule.all.first { $0.name == name })
        #expect(try await rewritesLots(rule.bad))
        #expect(try await !rewritesLots(rule.good))
    }

    private func rewritesLots(_ texts: [String]) async throws -> Bool {
        let storage = "SELECT pg_relation_filenode('portfolios.lots')::text"
        return try await withFolder(LintFixture.files(texts)) { path in
            let folder = try MigrationFolder(path: path)
            return try await withScratch { database in
                let migrator = Migrator(connectionString: database.connectionString, folder: folder)
                try await migrator.up(to: folder.migrations[0].version, grants: .leave)
                let before = try await withConnection(database) {
                    try await $0.query(storage).one { try $0.text(0) }
                }
                try await migrator.up(grants: .leave)
                let after = try await withConnection(database) {
                    try await $0.query(storage).one { try $0.text(0) }
                }
                return before != after
            }
        }
    }

    @Test func theHouseKeepsTheRules() async throws {
        let house = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().path
        let findings = try await RepositoryLint(repository: house).run(server: TestServer.shared.url())
        #expect(findings == [])
    }
}
