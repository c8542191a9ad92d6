import Migrations
import SchemaAnalysis
import SwiftGeneration
import Testing

/// Types that PostgreSQL has and Swift may not: typed, or refused with the way round.
@Suite(.serialized) struct CatalogTypesTests {
    /// Of a domain: its base type, and whether it holds NULL.
    @Test func aDomainIsWhatItIsADomainOf() async throws {
        let schema = """
            CREATE DOMAIN market.code AS text CHECK (VALUE <> '');
            CREATE DOMAIN market.sure_code AS market.code NOT NULL;
            CREATE DOMAIN market.amount AS numeric(38,18) NOT NULL;
            CREATE TYPE market.kind AS ENUM ('a');
            CREATE DOMAIN market.some_kind AS market.kind;
            CREATE TABLE market.items (
                id uuid PRIMARY KEY, code market.code, sure market.sure_code, price market.amount,
                kind market.some_kind NOT NULL);
            """
        let queries = """
            -- name: listItems :many
            SELECT id, code, sure, price, kind FROM market.items WHERE code = :code;
            -- name: addItem :exec
            INSERT INTO market.items (id, code, sure, price, kind) VALUES (:item_id, :code, :sure, :price, :kind);
            """
        try await MarketRepository.generate(schema, queries: ["items": queries]) { outcome, path in
            #expect(outcome.isClean, "\(outcome)")
            let folder = "Packages/Market/Sources/Market/Generated"
            let text = try read("\(folder)/ItemsQueries.swift", in: path)
            #expect(
                text.contains(
                    "let code: String\n    let sure: String\n    let price: FixedDecimal\n    let kind: Kind"
                ))
            #expect(
                text.contains("itemID: Item.ID, code: String?, sure: String, price: FixedDecimal, kind: Kind")
                    || text.contains(
                        "    code: String?,\n    sure: String,\n    price: FixedDecimal,\n    kind: Kind\n"),
                "\(text)")
        }
    }

    @Test(arguments: [
        ("time", "::text::time"), ("timetz", "::text::timetz"), ("interval", "make_interval"),
        ("inet", "host("), ("cidr", "::text::cidr"), ("timestamp", "AT TIME ZONE 'UTC'"),
        ("money", "numeric(38,18)"), ("bit(8)", "::text::bit"), ("tstzrange", "lower(…) and upper(…)"),
        ("int4multirange", "unnest"), ("time[]", "::text::time"), ("market.place", "(place).street"),
        ("market.code[]", "::text[]"), ("point", "::text::point"), ("json", "Use jsonb"),
        ("market.period", "make_interval"),
    ])
    func aTypeWithoutOneInSwiftIsRefusedWithTheWayRound(_ type: String, _ way: String) async throws {
        let schema = """
            CREATE TYPE market.place AS (street text, town text); CREATE DOMAIN market.code AS text;
            CREATE DOMAIN market.period AS interval;
            CREATE TABLE market.items (id uuid PRIMARY KEY, value \(type));
            """
        let queries = """
            -- name: listItems :many
            SELECT id, value FROM market.items;
            -- name: addItem :exec
            INSERT INTO market.items (id, value) VALUES (:item_id, :value);
            """
        try await MarketRepository.generate(schema, queries: ["items": queries]) { outcome, _ in
            #expect(outcome.diagnostics.map(\.position.line) == [1, 4], "\(outcome)")
            for fault in outcome.diagnostics {
                #expect(fault.hint.contains(way), "\(fault)")
            }
        }
    }
}
