import Testing

@testable import SchemaAnalysis

struct OuterJoinsTests {
    /// Which of the NOT NULL columns an outer join may leave empty.
    @Test(
        arguments: [
            ("p.name, l.quantity FROM {P} p JOIN {L} l USING (user_id)", [false, false]),
            ("p.name, l.quantity FROM {P} p LEFT JOIN {L} l USING (user_id)", [false, true]),
            ("p.name, l.quantity FROM {P} p RIGHT JOIN {L} l USING (user_id)", [true, false]),
            ("p.name, l.quantity FROM {P} p FULL JOIN {L} l USING (user_id)", [true, true]),
            ("user_id FROM {P} p LEFT JOIN {L} l USING (user_id)", [false]),
            ("user_id FROM {P} p RIGHT JOIN {L} l USING (user_id)", [false]),
            (
                "p.name, a.id, b.quantity FROM {P} p LEFT JOIN {L} a ON true JOIN {L} b ON true",
                [false, true, false]
            ),
            (
                "p.name, a.id, b.quantity FROM {P} p LEFT JOIN ({L} a JOIN {L} b ON true) ON true",
                [false, true, true]
            ),
            (
                "p.name, a.id, b.quantity FROM {P} p LEFT JOIN {L} a ON true RIGHT JOIN {L} b ON true",
                [true, true, false]
            ),
            ("j.quantity FROM ({P} p LEFT JOIN {L} l USING (user_id)) j", [true]),
            (
                "x.id, x.lot FROM (SELECT p.id, l.id AS lot FROM {P} p LEFT JOIN {L} l ON true) x",
                [false, true]
            ),
            (
                "x.id FROM {P} p LEFT JOIN LATERAL (SELECT id FROM {L} l WHERE l.user_id = p.user_id) x ON true",
                [true]
            ),
            (
                "c.id, c.lot FROM (WITH c AS (SELECT p.id, l.id AS lot FROM {P} p LEFT JOIN {L} l ON true) TABLE c) c",
                [false, true]
            ),
            ("p.id FROM {P} p GROUP BY ROLLUP (p.id)", [true]),
            ("p.id FROM {P} p GROUP BY p.id", [false]),
        ])
    func findsWhatMayBeMissing(_ sql: String, _ expected: [Bool]) async throws {
        let text = sql.replacing("{P}", with: "portfolios.portfolios").replacing(
            "{L}", with: "portfolios.lots")
        let (statements, diagnostics) = try await Fixture.analyse("-- name: f :many\nSELECT \(text);")
        #expect(diagnostics.count == expected.count(where: \.self), "\(diagnostics)")
        #expect(statements.isEmpty == expected.contains(true))
        #expect(
            diagnostics.allSatisfy { $0.message.contains("may be NULL where the outer join finds no row") })
    }

    @Test func setOperationsAreNullableAnyway() async throws {
        let (statements, _) = try await Fixture.analyse(
            "-- name: f :many\nSELECT id FROM portfolios.lots UNION ALL SELECT id FROM portfolios.portfolios;"
        )
        #expect(statements.first?.columns.map(\.isNullable) == [true])
    }

    @Test func aMarkSettlesIt() async throws {
        let (statements, diagnostics) = try await Fixture.analyse(
            """
            -- name: f :many
            SELECT l.id AS "lot_id?", l.portfolio_id AS "portfolio_id!"
            FROM portfolios.portfolios p LEFT JOIN portfolios.lots l ON true;
            """)
        #expect(diagnostics.isEmpty)
        #expect(statements.first?.columns.map(\.isNullable) == [true, false])
    }

    @Test func returningOfAnUpdateIsLookedAtToo() async throws {
        let (_, diagnostics) = try await Fixture.analyse(
            """
            -- name: f :many
            UPDATE portfolios.portfolios p SET name = 'x'
            FROM users.users u LEFT JOIN portfolios.lots l ON l.user_id = u.id
            WHERE p.user_id = u.id RETURNING p.id, l.quantity;
            """, readme: "reads: users.users")
        #expect(diagnostics.count == 1)
        #expect(diagnostics.first?.message.contains("column quantity may be NULL") ?? false)
    }
}
