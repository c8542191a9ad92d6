import Foundation
import Migrations
import SchemaAnalysis
import SwiftGeneration
import Testing

/// Names that PostgreSQL takes, and what becomes of them in Swift: another name, or a fault with its place and a way out.
@Suite(.serialized) struct CatalogNamesTests {
    private static let migration = MarketRepository.migration
    private static let enums = "Packages/SharedTypes/Sources/SharedTypes/Generated/Enums.swift"
    private static let keys = "Packages/SharedTypes/Sources/SharedTypes/Generated/Keys.swift"

    private func cases(_ labels: String) async throws -> [String] {
        try await MarketRepository.generate("CREATE TYPE market.kind AS ENUM (\(labels));") { outcome, path in
            #expect(outcome.isClean, "\(outcome)")
            return try read(Self.enums, in: path).split(separator: "\n").compactMap { line in
                let words = line.drop { $0 == " " }
                return words.hasPrefix("case ") ? String(words.dropFirst(5)) : nil
            }
        }
    }

    /// sqlc-dev/sqlc#933: labels that differ in a sign alone; quotes and backslashes.
    @Test(arguments: [
        ("'A+','A-'", [#"capitalAPlusSign = "A+""#, #"capitalAHyphenMinus = "A-""#]),
        (#"'3"','5\8'"#, [#"value3 = "3\"""#, #"value58 = "5\\8""#]),
        ("'ab','Ab','a b','aB'", ["ab", #"capitalAb = "Ab""#, #"aSpaceB = "a b""#, "aB"]),
        (
            #"'', '🚀', '+', E'two\nlines', '\(x)'"#,
            [
                #"empty = """#, #"rocket = "🚀""#, #"plusSign = "+""#, #"twoLines = "two\u{A}lines""#,
                #"x = "\\(x)""#,
            ]
        ),
        (
            "'init','self','Type','default','allCases','await'",
            [
                "`init`", "`self`", #"type = "Type""#, "`default`", #"allCasesLabel = "allCases""#, "`await`",
            ]
        ),
        (
            "'9','9th','transfer_in'",
            [#"value9 = "9""#, #"value9th = "9th""#, #"transferIn = "transfer_in""#]
        ),
    ])
    func labelsHaveNamesOfTheirOwn(_ labels: String, _ expected: [String]) async throws {
        #expect(try await cases(labels) == expected)
    }

    @Test(arguments: [
        (#"U&'caf\00E9', U&'cafe\0301'"#, "two of its labels are one text in Swift"),
        ("'a+','A+','capitalAPlusSign'", "would both be the case capitalAPlusSign"),
    ])
    func labelsThatAreOneInSwiftAreRefused(_ labels: String, _ reason: String) async throws {
        try await MarketRepository.generate("\nCREATE TYPE market.kind AS ENUM (\(labels));") { outcome, _ in
            let fault = try #require(outcome.diagnostics.first)
            #expect(fault.message.hasPrefix("the type market.kind: ") && fault.message.contains(reason))
            #expect((fault.file, fault.position.line) == (Self.migration, 3))
            #expect(fault.hint.contains("ALTER TYPE market.kind RENAME VALUE"))
        }
    }

    @Test(arguments: [
        ("dates", "Date", "Foundation"), ("strings", "String", "Swift"), ("optionals", "Optional", "Swift"),
        ("rows", "Row", "DatabaseClient"), ("errors", "Error", "Swift"), ("tasks", "Task", "Swift"),
        ("identifiers", "Identifier", "ExactTypes"), ("data", "Data", "Foundation"),
        ("currencies", "Currency", "ExactTypes"), ("\"Statements\"", "Statement", "DatabaseClient"),
        ("foundation", "Foundation", "the module of that name"),
    ])
    func aTableThatWouldHideATypeIsRefused(_ table: String, _ type: String, _ owner: String) async throws {
        let schema = "-- Tables.\nCREATE TABLE market.\(table) (\n    id uuid PRIMARY KEY);"
        try await MarketRepository.generate(schema) { outcome, path in
            let fault = try #require(outcome.diagnostics.first, "\(outcome)")
            #expect(
                fault.message.contains("it would be \(type) in Swift and hide that of \(owner)"), "\(fault)")
            #expect((fault.file, fault.position.line) == (Self.migration, 3), "\(fault)")
            #expect(fault.hint.contains("COMMENT ON TABLE … IS '… swift:NAME'"))
            #expect(!FileManager.default.fileExists(atPath: "\(path)/\(Self.keys)"))
        }
        try await MarketRepository.generate(
            "\(schema)\nCOMMENT ON TABLE market.\(table) IS 'Ours. swift:Thing';"
        ) {
            outcome, path in
            #expect(outcome.isClean, "\(outcome)")
            let text = try read(Self.keys, in: path)
            #expect(text.contains("/// Ours.\npublic enum Thing: Entity {}"))
        }
    }

    /// Siblings: an enum, two tables with one singular, names of which no type can come.
    @Test(arguments: [
        ("CREATE TYPE market.result AS ENUM ('a');", "it would be Result in Swift", 2),
        (
            "CREATE TABLE market.person (id uuid PRIMARY KEY);\nCREATE TABLE market.people (id uuid PRIMARY KEY);",
            "it would be MarketPerson in Swift, as the table market.person", 3
        ),
        ("\nCREATE TABLE market.\"42\" (id uuid PRIMARY KEY);", "no name of a Swift type comes of it", 3),
        (
            "CREATE TABLE market.old (id uuid PRIMARY KEY);\nALTER TABLE market.old RENAME TO dates;", "Date",
            3
        ),
        ("CREATE TYPE market.\"a \"\"b\"\"\" AS ENUM ('a');\nCREATE TYPE market.a_b AS ENUM ('a');", "AB", 2),
    ])
    func aNameThatSwiftCannotHaveIsRefused(_ schema: String, _ reason: String, _ line: Int) async throws {
        try await MarketRepository.generate(schema) { outcome, _ in
            let faults = outcome.diagnostics.filter { $0.message.contains(reason) }
            #expect(faults.contains { $0.position.line == line && $0.file == Self.migration }, "\(outcome)")
        }
    }

    @Test(arguments: [
        ("SELECT id, a AS user_id, b AS user__id FROM market.items", "columns user_id and user__id"),
        ("SELECT id, \"userId\" FROM market.items", "column 2 is called \"userId\""),
        (
            "SELECT id FROM market.items WHERE a = :user_id AND b = :user__id",
            "parameters user_id and user__id"
        ),
        ("SELECT id FROM market.items WHERE a = :self", "a parameter cannot be self"),
        ("-- nest: x\nSELECT id, a AS x, b AS x_b FROM market.items", "columns x and x"),
        ("-- nest: string\nSELECT id, id AS string_id, a AS string_a FROM market.items", "the struct String"),
    ])
    func namesThatAreOneInSwiftAreRefused(_ statement: String, _ reason: String) async throws {
        let table = "CREATE TABLE market.items (id uuid PRIMARY KEY, a text, b text, \"userId\" text);"
        try await MarketRepository.generate(
            table, queries: ["items": "-- name: listItems :many\n\(statement);"]
        ) {
            outcome, _ in
            let fault = try #require(outcome.diagnostics.first, "\(outcome)")
            #expect(fault.message.contains(reason), "\(fault)")
            #expect(
                fault.file == "Packages/Market/Queries/items.sql" && (1...2).contains(fault.position.line))
            #expect(!fault.hint.isEmpty)
        }
    }

    @Test(arguments: [
        ("1", "-- name: one :one\nSELECT 1 AS n;"), ("items", "-- name: all :one\nSELECT 1 AS n;"),
    ])
    func filesAndStatementsHaveNamesThatSwiftCanHave(_ file: String, _ text: String) async throws {
        try await MarketRepository.generate("", queries: [file: text]) { outcome, _ in
            #expect(outcome.diagnostics.count == 1, "\(outcome)")
            #expect(outcome.diagnostics.first?.hint.isEmpty == false)
        }
    }
}
