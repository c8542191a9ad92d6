import Migrations
import SchemaAnalysis
import SwiftGeneration
import Testing

/// Where a colon stands in SQL without a parameter behind it.
@Suite(.serialized) struct ColonTests {
    /// jdbi/jdbi#1681: a slice's upper bound is no parameter; nor is what else a colon stands in.
    @Test(arguments: [
        ("SELECT tags[low:high] FROM market.items", []),
        ("SELECT tags[1:high] FROM market.items", []), ("SELECT tags[(low):high + 1] FROM market.items", []),
        ("SELECT tags[1:(:last)] FROM market.items", ["last"]),
        ("SELECT tags[(:first):high] FROM market.items", ["first"]),
        ("SELECT (ARRAY[:one, :two])[low:high] FROM market.items", ["one", "two"]),
        ("SELECT tags[CASE WHEN :flag THEN :number::int ELSE 1 END] FROM market.items", ["flag", "number"]),
        ("SELECT tags[low /* from */ :high] FROM market.items", []),
        ("SELECT low::text || '12:30' || $a$:x$a$ || '{\"a\":1}' FROM market.items", []),
        ("SELECT make_interval(secs := :seconds::float8)::text FROM market.items", ["seconds"]),
        ("SELECT '{}'::jsonb @? '$.a ? (@ == 1)' OR E'\\':x' = 'y' FROM market.items", []),
    ])
    func aColonIsNotAlwaysAParameter(_ statement: String, _ parameters: [String]) async throws {
        let schema =
            "CREATE TABLE market.items (id uuid PRIMARY KEY, tags text[] NOT NULL, low int, high int);"
        let query =
            "-- name: listItems :many\n-- row: ItemRow\n"
            + statement.replacing(" FROM", with: " AS \"found?\" FROM") + ";"
        try await MarketRepository.generate(schema, queries: ["items": query]) { outcome, path in
            #expect(outcome.isClean, "\(outcome)")
            let text = try read("Packages/Market/Sources/Market/Generated/ItemsQueries.swift", in: path)
            let found = text.matches(of: /func listItems\(([^)]*)\)/).first.map { String($0.1) } ?? ""
            let names = found.matches(of: #/(\w+): /#).map { String($0.1) }
            #expect(names == parameters)
        }
    }

    @Test(arguments: ["tags[:n]", "tags[:n:high]", "(tags)[ :n ]", "tags[1][:n]"])
    func aParameterBehindABracketIsExplained(_ expression: String) async throws {
        let schema =
            "CREATE TABLE market.items (id uuid PRIMARY KEY, tags text[] NOT NULL, low int, high int);"
        let query = "-- name: listItems :many\nSELECT \(expression) AS found FROM market.items;"
        try await MarketRepository.generate(schema, queries: ["items": query]) { outcome, _ in
            let fault = try #require(outcome.diagnostics.first, "\(outcome)")
            #expect(fault.position.line == 2 && fault.hint.contains("[(:n)]"), "\(fault)")
        }
    }
}
