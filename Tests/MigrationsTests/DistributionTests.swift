import DatabaseClient
import Foundation
import GroveTesting
import SchemaAnalysis
import SwiftGeneration
import Testing

/// `infra/citus/distribute.sql`, held against PostgreSQL's own list of tables and foreign keys.
@Suite struct DistributionTests {
    private enum Kind: String { case reference, distributed, local }

    /// The tables of the file in its order.
    private func placed() throws -> [(table: String, kind: Kind)] {
        let path = Repository.root.appending(path: "infra/citus/distribute.sql")
        let text = try String(contentsOf: path, encoding: .utf8)
        let form =
            /(?m)^(SELECT create_\w+_table|SELECT citus_add_local_table_to_metadata|-- local:)[( ]'?([a-z_]+\.[a-z_]+)/
        return text.matches(of: form).map { match in
            let kind: Kind =
                match.1.hasSuffix("reference_table")
                ? .reference : match.1.hasSuffix("ed_table") ? .distributed : .local
            return (String(match.2), kind)
        }
    }

    @Test func everyTableIsPlacedOnce() async throws {
        try await withTestDatabase { test in
            let tables = try await test.owner.query(
                """
                SELECT (n.nspname || '.' || c.relname)::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                WHERE c.relkind = 'r' AND n.nspname NOT LIKE 'pg\\_%' AND n.nspname NOT IN ('information_schema', 'public')
                """
            ).many { try $0.text(0) }
            #expect(try placed().map(\.table).sorted() == tables.sorted())
        }
    }

    @Test func everyForeignKeyIsOneThatCitusKeeps() async throws {
        let placed = try placed()
        let kinds = Dictionary(placed.map { ($0.table, $0.kind) }) { first, _ in first }
        let places = Dictionary(placed.enumerated().map { ($0.element.table, $0.offset) }) { first, _ in first
        }
        try await withTestDatabase { test in
            let keys = try await test.owner.query(
                """
                SELECT k.conname::text, k.conrelid::regclass::text, k.confrelid::regclass::text,
                    EXISTS (SELECT FROM unnest(k.conkey, k.confkey) u (own, other)
                        JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = own AND a.attname = 'user_id'
                        JOIN pg_attribute b ON b.attrelid = k.confrelid AND b.attnum = other AND b.attname = 'user_id')
                FROM pg_constraint k WHERE k.contype = 'f'
                """
            ).many {
                (name: try $0.text(0), from: try $0.text(1), to: try $0.text(2), byUser: try $0.bool(3))
            }
            #expect(keys.count > 150)
            for key in keys {
                let from = try #require(kinds[key.from])
                let to = try #require(kinds[key.to])
                switch (from, to) {
                case (.distributed, .distributed): #expect(key.byUser, "\(key.name) does not go by user_id")
                case (_, .reference), (.local, .local): break
                default: Issue.record("\(key.name) leads from a \(from) table to a \(to) one")
                }
                guard key.from != key.to, to != .local else { continue }
                let isAfter = try #require(places[key.from]) > (try #require(places[key.to]))
                #expect(isAfter, "\(key.from) comes before \(key.to)")
            }
        }
    }

    @Test func whatUsersOwnIsDistributedBesideTheRest() throws {
        let path = Repository.root.appending(path: "infra/citus/distribute.sql")
        let text = try String(contentsOf: path, encoding: .utf8)
        let groups = text.matches(
            of: /create_distributed_table\('([\w.]+)', 'user_id', colocate_with => '([\w.]+)'\)/)
        #expect(groups.count == text.matches(of: /create_distributed_table/).count)
        let first = try #require(groups.first)
        #expect(first.2 == "none")
        #expect(groups.dropFirst().allSatisfy { $0.2 == first.1 })
    }

    @Test func aKeyThatCitusWouldRefuseIsAFault() async throws {
        try await withTestDatabase { test in
            let clean = DistributionSource(catalog: try await Catalog.read(test.owner))
            #expect(clean.faults() == [])
            try await test.owner.script(
                """
                CREATE UNIQUE INDEX portfolios_id_key ON portfolios.portfolios (id);
                CREATE TABLE market.featured (id uuid CONSTRAINT featured_pkey PRIMARY KEY
                    CONSTRAINT featured_portfolio_fkey REFERENCES portfolios.portfolios (id));
                ALTER TABLE portfolios.lots ADD CONSTRAINT lots_other_fkey
                    FOREIGN KEY (id) REFERENCES portfolios.portfolios (id)
                """)
            let broken = DistributionSource(catalog: try await Catalog.read(test.owner))
            #expect(
                broken.faults() == [
                    "market.featured.featured_portfolio_fkey leads from a reference table to a distributed one, "
                        + "portfolios.portfolios",
                    "portfolios.lots.lots_other_fkey leads to portfolios.portfolios without user_id",
                ])
        }
    }
}
