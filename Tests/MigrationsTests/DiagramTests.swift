import DatabaseClient
import Foundation
import GroveTesting
import Migrations
import SchemaAnalysis
import SwiftGeneration
import Testing

/// The diagrams hold what PostgreSQL's own catalog lists, all of it and nothing twice.
@Suite struct DiagramTests {
    @Test func everyTableAndEveryForeignKeyIsDrawnOnce() async throws {
        try await withTestDatabase { test in
            let source = DiagramSource(catalog: try await Catalog.read(test.owner))
            let text = source.contexts.map(source.context).joined()
            let boxes = text.matches(of: /"(\w+\.\w+)" \[label=</).map { String($0.1) }
            #expect(boxes.sorted() == (try await names("c.relname", of: "c.relkind = 'r'", test)))
            let keys = text.matches(of: /(?:id|ID)="(\w+)"/).map { String($0.1) }
            #expect(keys.sorted() == (try await keyNames(test)))
            // Every arrow leads to a box, of this context or of another.
            let ends = text.matches(of: /-> "(\w+\.\w+)"/).map { String($0.1) }
            #expect(Set(ends).isSubset(of: boxes))
        }
    }

    @Test func aNewTableAndItsKeyAreDrawn() async throws {
        try await withTestDatabase { test in
            let before = DiagramSource(catalog: try await Catalog.read(test.owner))
            try await test.owner.script(
                """
                CREATE TABLE market.watches (id uuid CONSTRAINT watches_pkey PRIMARY KEY, instrument_id uuid
                    CONSTRAINT watches_instrument_fkey REFERENCES market.instruments)
                """)
            let after = DiagramSource(catalog: try await Catalog.read(test.owner))
            #expect(after.context("market") != before.context("market"))
            #expect(
                after.context("market").contains(
                    "\"market.watches\":\"instrument_id\" -> \"market.instruments\":_"))
            #expect(after.context("loans") == before.context("loans"))
        }
    }

    @Test func theDrawingsAreOfThisSchema() async throws {
        let folder = try MigrationFolder(path: Repository.root.appending(path: "migrations").path)
        try await withTestDatabase { test in
            let diagrams = try await Diagram.all(
                server: test.connectionString(role: "postgres"), folder: folder)
            #expect(Diagram.strangers(in: "\(folder.path)/diagrams", to: diagrams) == [])
            for diagram in diagrams {
                let isDrawn = try diagram.isDrawn(in: "\(folder.path)/diagrams/\(diagram.name).svg")
                #expect(isDrawn, "run `schema diagram`: \(diagram.name)")
            }
        }
    }

    private func names(_ name: String, of condition: String, _ test: TestDatabase) async throws -> [String] {
        try await test.owner.query(
            """
            SELECT (n.nspname || '.' || \(name))::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE \(condition) AND n.nspname NOT LIKE 'pg\\_%' AND n.nspname NOT IN ('information_schema', 'public')
            """
        ).many { try $0.text(0) }.sorted()
    }

    private func keyNames(_ test: TestDatabase) async throws -> [String] {
        try await test.owner.query("SELECT conname::text FROM pg_constraint WHERE contype = 'f'")
            .many { try $0.text(0) }.sorted()
    }
}
