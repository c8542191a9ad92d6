import DatabaseClient
import Foundation
import GroveTesting
import Testing

/// The constraints that code and comments name are there: a name that has gone would never match again, in silence.
@Suite struct ConstraintNameTests {
    private func files(_ folder: String, _ ending: String) -> [(module: String, path: String)] {
        let packages = Repository.root.appending(path: "Packages")
        let names = (try? FileManager.default.contentsOfDirectory(atPath: packages.path)) ?? []
        return names.sorted().flatMap { module -> [(module: String, path: String)] in
            let root = packages.appending(path: "\(module)/\(folder)").path
            let found = FileManager.default.enumerator(atPath: root)?.compactMap { $0 as? String } ?? []
            return found.filter { $0.hasSuffix(ending) && !$0.contains("Generated/") }.sorted()
                .map { (module, "\(root)/\($0)") }
        }
    }

    private func names(in files: [(module: String, path: String)], _ quote: Character) throws -> [(
        module: String, name: String
    )] {
        try files.flatMap { file in
            let text = try String(contentsOfFile: file.path, encoding: .utf8)
            return text.split(separator: quote, omittingEmptySubsequences: false)
                .filter { $0.wholeMatch(of: /[a-z][a-z0-9_]*_(pkey|key|fkey|check)/) != nil }
                .map { (file.module, String($0)) }
        }
    }

    private func catalog() async throws -> Set<String> {
        try await withTestDatabase { test in
            Set(
                try await test.owner.query(
                    """
                    SELECT connamespace::regnamespace || '.' || conname FROM pg_constraint
                    UNION SELECT relnamespace::regnamespace || '.' || relname FROM pg_class
                        JOIN pg_index ON indexrelid = oid WHERE indisunique
                    """
                ).many { try $0.text(0) })
        }
    }

    /// Its own, and those of which its README declares a read or a function. Tools have none.
    private func namespaces(of module: String) throws -> Set<String> {
        let own = ["EventLog": "platform", "ServiceKit": "audit"][module] ?? module.lowercased()
        guard SchemaRulesTests.namespaces.contains(own) else { return [] }
        let readme = try String(
            contentsOf: Repository.root.appending(path: "Packages/\(module)/README.md"), encoding: .utf8)
        return Set(readme.matches(of: /reads: `?([a-z]+)\./).map { String($0.1) } + [own])
    }

    @Test func everyConstraintThatAModuleMapsIsInItsNamespace() async throws {
        let named = try names(in: files("Sources", ".swift"), "\"")
        let known = try await catalog()
        #expect(named.count > 10)
        let missing = try named.filter { constraint in
            let namespaces = try namespaces(of: constraint.module)
            return !namespaces.isEmpty && !namespaces.contains { known.contains("\($0).\(constraint.name)") }
        }
        #expect(missing.map(\.name) == [])
    }

    /// `violates `portfolios_name_key`` above a statement is a promise too. A statement may write to a table of the
    /// log or call into another context, so any namespace will do.
    @Test func everyConstraintThatAStatementNamesIsThere() async throws {
        let named = try names(in: files("Queries", ".sql"), "`")
        let known = Set(try await catalog().compactMap { $0.split(separator: ".").last.map(String.init) })
        #expect(named.count > 30)
        #expect(named.filter { !known.contains($0.name) }.map(\.name) == [])
    }
}
