import Migrations
import Testing

@testable import SchemaAnalysis

struct QueryFileParserTests {
    @Test func readsNamesDirectivesAndParameters() throws {
        let (statements, diagnostics) = QueryFileParser.parse(
            """
            -- Everything about portfolios.

            -- name: findPortfolio :optional
            -- A user's portfolio
            -- by its id.
            -- row: PortfolioSummary
            -- role: worker
            -- explain: sort because at most 50 rows
            -- param: ids [Instrument.ID]
            -- column: total FixedDecimal
            SELECT ':no' -- :neither
            FROM t WHERE id = :id::uuid AND (:day? IS NULL OR x = ANY (:ids)) AND y = :id;
            -- name: touch :exec
            UPDATE t SET a = :day;
            """, path: "a.sql")
        #expect(diagnostics.isEmpty)
        let first = try #require(statements.first)
        #expect(first.name == "findPortfolio")
        #expect(first.kind == .optional)
        #expect(first.role == .worker)
        #expect(first.documentation == ["A user's portfolio", "by its id."])
        #expect(first.rowName == "PortfolioSummary")
        #expect(first.planWaivers == [.sort: "at most 50 rows"])
        #expect(first.parameterTypes == ["ids": "[Instrument.ID]"])
        #expect(first.columnTypes == ["total": "FixedDecimal"])
        #expect(first.parameters.map(\.name) == ["id", "day", "ids"])
        #expect(first.parameters.map(\.mark) == [nil, .mayBeNull, nil])
        #expect(
            first.sql
                == "SELECT ':no' -- :neither\nFROM t WHERE id = $1::uuid AND ($2 IS NULL OR x = ANY ($3)) AND y = $1"
        )
        #expect(statements.map(\.name) == ["findPortfolio", "touch"])
        #expect(statements[1].sql == "UPDATE t SET a = $1")
    }

    @Test func mapsPositionsBackToTheFile() throws {
        let (statements, _) = QueryFileParser.parse(
            "-- name: f :one\nSELECT :a_long_name,\n    :b, wrong;", path: "a.sql")
        let statement = try #require(statements.first)
        let position = try #require(statement.sqlPosition(of: "wrong"))
        let diagnostic = statement.diagnostic("no such column", at: position, hint: "Look again.")
        #expect(
            diagnostic.description == """
                a.sql:3:9: error: f: no such column
                        :b, wrong;
                            ^
                    → Look again.
                """)
    }

    @Test(
        arguments: [
            ("SELECT 1;", "a.sql:1:1: error: this statement has no name"),
            ("-- name: f :one\nSELECT 1", "a.sql:1:1: error: f has no semicolon at its end"),
            ("-- name: f :one\n-- name: g :one\nSELECT 1;", "a.sql:1:1: error: f has no statement"),
            ("-- name: f :one\nSELECT 1\n-- name: g :one\nSELECT 2;", "a.sql:1:1: error: f has no semicolon"),
            ("-- name: f :one\n;", "a.sql:1:1: error: f has no statement"),
            ("-- name: f :few\nSELECT 1;", "a.sql:1:1: error: :few is not a kind of result"),
            ("-- name: F :one\nSELECT 1;", "a.sql:1:1: error: F is not a Swift function's name"),
            ("-- name: f\nSELECT 1;", "a.sql:1:1: error: a name and a kind are wanted here"),
            ("-- name: f :one\n-- role: admin\nSELECT 1;", "a.sql:2:1: error: there is no role admin"),
            (
                "-- name: f :one\n-- explain: sort\nSELECT 1;",
                "a.sql:2:1: error: a rule and a reason are wanted here"
            ),
            (
                "-- name: f :one\n-- explain: loop because so\nSELECT 1;",
                "a.sql:2:1: error: a rule and a reason are wanted here"
            ),
            ("-- name: f :one\n-- row: rows\nSELECT 1;", "a.sql:2:1: error: rows is not a Swift type's name"),
            ("-- name: f :one\n-- param: x Int\nSELECT 1;", "a.sql:1:1: error: f has no parameter :x"),
            ("-- name: f :one\nSELECT 'x;", "a.sql:2:8: error: there is a quote"),
            ("-- name: f :one\nSELECT 1; SELECT 2;", "a.sql:2:11: error: this statement has no name"),
        ])
    func pointsAtFaults(_ text: String, _ words: String) {
        let (_, diagnostics) = QueryFileParser.parse(text, path: "a.sql")
        #expect(diagnostics.count == 1)
        #expect(diagnostics.first?.description.hasPrefix(words) ?? false, "\(diagnostics)")
    }

    @Test func oneFaultDoesNotHideTheOthers() {
        let (statements, diagnostics) = QueryFileParser.parse(
            "-- name: f :few\nSELECT 1;\n-- name: g :one\nSELECT 1;\nSELECT 2;", path: "a.sql")
        #expect(statements.map(\.name) == ["g"])
        #expect(diagnostics.map(\.position.line) == [1, 5])
    }
}
