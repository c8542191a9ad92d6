import DatabaseClient
import Migrations
import SchemaAnalysis
import Testing

/// What a plan tells, with plans that PostgreSQL makes here and now for a small shop.
@Suite struct PlanRuleTests {
    private static let shop = """
        CREATE SCHEMA shop;
        CREATE TABLE shop.users (id int CONSTRAINT users_pkey PRIMARY KEY);
        CREATE TABLE shop.orders (
            user_id int, id int, status text, "position" int, total int, sent_at date,
            CONSTRAINT orders_pkey PRIMARY KEY (user_id, id));
        CREATE INDEX orders_position_idx ON shop.orders (user_id, "position");
        CREATE INDEX orders_open_idx ON shop.orders (user_id, id) WHERE sent_at IS NULL;
        CREATE INDEX orders_idle_idx ON shop.orders (total, status);
        INSERT INTO shop.users SELECT i FROM generate_series(1, 500) i;
        INSERT INTO shop.orders SELECT i % 500, i, 'new', i, i % 7, CASE WHEN i % 50 > 0 THEN now()::date END
        FROM generate_series(1, 20000) i;
        VACUUM ANALYZE shop.orders, shop.users
        """

    private static let facts = PlanFacts(
        tables: ["shop.orders": .init(pages: 120, rows: 20000), "shop.users": .init(pages: 3, rows: 500)],
        indexes: [
            "shop.users_pkey": .init(table: "shop.users", columns: ["id"], isUnique: true),
            "shop.orders_pkey": .init(table: "shop.orders", columns: ["user_id"], isUnique: true),
            "shop.orders_position_idx": .init(table: "shop.orders", columns: ["user_id"]),
            "shop.orders_open_idx": .init(table: "shop.orders", columns: ["user_id"], isPartial: true),
            "shop.orders_idle_idx": .init(table: "shop.orders", columns: ["total"]),
        ], largePages: 100)

    /// Runs `body` with a way to have statements planned.
    private func withShop(
        settings: String = "", _ body: (_ plan: (String) async throws -> PlanNode) async throws -> Void
    ) async throws {
        try await withScratch { database in
            try await withConnection(database) { connection in
                for statement in Self.shop.split(separator: ";") {
                    try await connection.script(String(statement))
                }
                try await connection.script(settings)
                try await body { sql in
                    let text = try await connection.query("EXPLAIN (FORMAT JSON, VERBOSE) \(sql)")
                        .one { try $0.json(0) }
                    return try PlanNode(json: text)
                }
            }
        }
    }

    private func messages(_ faults: some Sequence<PlanFault>) -> [String] { faults.map(\.message).sorted() }

    @Test func aScanInSequenceReadsAWholeTable() async throws {
        try await withShop { plan in
            let scan = try await plan("SELECT * FROM shop.orders WHERE status = 'new'")
            #expect(messages(scan.wholeReads(Self.facts)) == ["reads shop.orders in sequence"])
            let join = try await plan(
                "SELECT * FROM shop.users u JOIN shop.orders o ON o.user_id = u.id WHERE o.status = 'new'")
            #expect(messages(join.wholeReads(Self.facts)).contains("reads shop.orders in sequence"))
            let key = try await plan("SELECT * FROM shop.orders WHERE user_id = 1 AND id = 7")
            #expect(key.wholeReads(Self.facts).isEmpty)
            #expect(key.line == "orders_pkey")
            let bitmap = try await plan("SELECT * FROM shop.orders WHERE user_id = 1 AND status = 'new'")
            #expect(bitmap.wholeReads(Self.facts).isEmpty, "\(bitmap.line)")
        }
    }

    @Test func anIndexWithoutAConditionIsReadWholeUnlessALimitCutsItShort() async throws {
        try await withShop { plan in
            let whole = try await plan("SELECT user_id, id FROM shop.orders ORDER BY user_id, id")
            #expect(whole.line == "Index Only Scan orders_pkey whole")
            #expect(
                messages(whole.wholeReads(Self.facts)) == ["reads the whole of shop.orders by orders_pkey"])
            let page = try await plan("SELECT * FROM shop.orders ORDER BY user_id, id LIMIT 5")
            #expect(page.line == "Limit(orders_pkey whole)")
            #expect(page.wholeReads(Self.facts).isEmpty)
            let count = try await plan(
                "SELECT * FROM (SELECT count(*) FROM (SELECT user_id, id FROM shop.orders OFFSET 0) o) x LIMIT 1"
            )
            #expect(!count.wholeReads(Self.facts).isEmpty, "\(count.line)")
            // What its predicate leaves out is the condition.
            let open = try await plan("SELECT user_id, id FROM shop.orders WHERE sent_at IS NULL")
            #expect(open.indexes == ["shop.orders_open_idx"])
            #expect(open.wholeReads(Self.facts).isEmpty)
        }
    }

    @Test func aConditionOnALaterColumnLeavesNoEntryOut() async throws {
        try await withShop(settings: "SET enable_seqscan = off") { plan in
            for query in [
                "SELECT id FROM shop.orders WHERE id = 7", "SELECT * FROM shop.orders WHERE id = 7",
            ] {
                let later = try await plan(query)
                #expect(later.indexes == ["shop.orders_pkey"], "\(later.line)")
                #expect(
                    messages(later.wholeReads(Self.facts)) == [
                        "reads the whole of shop.orders by orders_pkey"
                    ])
            }
        }
    }

    @Test func aSortByColumnsOfOneTableIsNeedless() async throws {
        try await withShop { plan in
            let sort = try await plan(
                "SELECT * FROM shop.orders WHERE user_id = 1 ORDER BY total DESC, \"position\"")
            #expect(messages(sort.needlessSorts) == ["sorts rows of shop.orders by total DESC, \"position\""])
            let joined = try await plan(
                """
                SELECT o.* FROM shop.orders o JOIN shop.users u ON u.id = o.user_id
                WHERE u.id = 1 ORDER BY o.total FOR UPDATE OF o
                """)
            #expect(messages(joined.needlessSorts) == ["sorts rows of shop.orders by total"])
            let given = try await plan(
                "SELECT * FROM shop.orders WHERE user_id = 1 ORDER BY \"position\" LIMIT 3")
            #expect(given.needlessSorts.isEmpty)
            #expect(given.indexes == ["shop.orders_position_idx"])
        }
    }

    @Test func aSortThatNoIndexCouldGiveIsNone() async throws {
        try await withShop { plan in
            let sums = try await plan(
                "SELECT status, sum(total) FROM shop.orders WHERE user_id = 1 GROUP BY status ORDER BY status"
            )
            let expression = try await plan("SELECT * FROM shop.orders WHERE user_id = 1 ORDER BY total + id")
            let both = try await plan(
                "SELECT * FROM shop.orders o JOIN shop.users u ON u.id = o.id % 7 ORDER BY o.total, u.id")
            #expect(sums.needlessSorts.isEmpty, "\(sums.line)")
            #expect(expression.all.contains { $0.kind == "Sort" } && expression.needlessSorts.isEmpty)
            #expect(
                both.all.contains { $0.kind.hasSuffix("Sort") } && both.needlessSorts.isEmpty, "\(both.line)")
        }
    }

    @Test func whatAPlanGoesByIsNamed() async throws {
        try await withShop { plan in
            let upsert = try await plan(
                """
                INSERT INTO shop.orders (user_id, id) VALUES (1, 2)
                ON CONFLICT ON CONSTRAINT orders_pkey DO UPDATE SET total = 1
                """)
            #expect(upsert.indexes == ["shop.orders_pkey"])
            let either = try await plan(
                "SELECT * FROM shop.orders WHERE user_id = 1 AND id = 2 OR user_id = 2 AND \"position\" = 3")
            #expect(either.indexes == ["shop.orders_pkey", "shop.orders_position_idx"], "\(either.line)")
        }
    }

    @Test func anIndexThatNothingGoesByIsIdle() async throws {
        try await withShop { plan in
            var judgement = PlanJudgement(facts: Self.facts)
            #expect(
                judgement.unusedIndexes == [
                    "shop.orders_idle_idx", "shop.orders_open_idx", "shop.orders_position_idx",
                ])
            let open = try await plan("SELECT user_id, id FROM shop.orders WHERE sent_at IS NULL")
            let position = try await plan(
                "SELECT * FROM shop.orders WHERE user_id = 1 ORDER BY \"position\" LIMIT 3")
            #expect(judgement.faults([.generic: open]).isEmpty)
            // Of a large table only what the planner chose by itself counts.
            #expect(judgement.faults([.indexesOnly: position]).isEmpty)
            #expect(judgement.unusedIndexes == ["shop.orders_idle_idx", "shop.orders_position_idx"])
            #expect(judgement.faults([.busiest: position]).isEmpty)
            #expect(judgement.unusedIndexes == ["shop.orders_idle_idx"])
        }
    }

    @Test func aScanCountsWhereTheTableIsLargeOrNoIndexCouldServe() async throws {
        try await withShop { plan in
            var judgement = PlanJudgement(facts: Self.facts)
            let users = try await plan("SELECT * FROM shop.users WHERE id < 400")
            #expect(users.line == "Seq Scan of users")
            #expect(judgement.faults([.generic: users]).isEmpty, "the table is small")
            #expect(messages(judgement.faults([.indexesOnly: users])) == ["reads shop.users in sequence"])
            let orders = try await plan("SELECT * FROM shop.orders WHERE status = 'new'")
            #expect(messages(judgement.faults([.busiest: orders])) == ["reads shop.orders in sequence"])
        }
    }
}
