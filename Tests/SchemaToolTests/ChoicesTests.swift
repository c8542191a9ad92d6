import Testing

@testable import SchemaAnalysis

/// Optional parts, orders and nests: what they make of a statement, and what is said of a wrong one.
struct ChoicesTests {
    @Test func everyCombinationIsAStatement() throws {
        let (statements, faults) = QueryFileParser.parse(
            """
            -- name: f :many
            SELECT a FROM t WHERE u = :u
                /*? AND a = :a */
                /*?after AND (b, c) > (:after_b, :after_c) */
            ORDER BY
                /*order
                    up: b, c
                    down: b DESC, c DESC
                */
            LIMIT :n;
            """, path: "t.sql")
        #expect(faults.isEmpty)
        let statement = try #require(statements.first)
        #expect(
            statement.choices
                == Choices(
                    options: [
                        .init(name: "a", parameters: ["a"]),
                        .init(name: "after", parameters: ["after_b", "after_c"]),
                    ], orders: ["up", "down"]))
        #expect(statement.parameters.map(\.name) == ["u", "a", "after_b", "after_c", "n"])
        let texts = statement.variants.map { $0.sql.replacing(/\s+/, with: " ") }
        #expect(
            texts == [
                "SELECT a FROM t WHERE u = $1 ORDER BY b, c LIMIT $2",
                "SELECT a FROM t WHERE u = $1 AND a = $2 ORDER BY b, c LIMIT $3",
                "SELECT a FROM t WHERE u = $1 AND (b, c) > ($2, $3) ORDER BY b, c LIMIT $4",
                "SELECT a FROM t WHERE u = $1 AND a = $2 AND (b, c) > ($3, $4) ORDER BY b, c LIMIT $5",
                "SELECT a FROM t WHERE u = $1 ORDER BY b DESC, c DESC LIMIT $2",
                "SELECT a FROM t WHERE u = $1 AND a = $2 ORDER BY b DESC, c DESC LIMIT $3",
                "SELECT a FROM t WHERE u = $1 AND (b, c) > ($2, $3) ORDER BY b DESC, c DESC LIMIT $4",
                "SELECT a FROM t WHERE u = $1 AND a = $2 AND (b, c) > ($3, $4) ORDER BY b DESC, c DESC LIMIT $5",
            ])
    }

    /// A part may share a parameter with the rest, and two parts may hang on one.
    @Test func sharedParametersAreNumberedOnce() throws {
        let (statements, faults) = QueryFileParser.parse(
            "-- name: f :many\nSELECT 1 WHERE a = :a /*? AND (b = :b OR c = :a) */ /*? AND d = :b */;",
            path: "t.sql")
        #expect(faults.isEmpty)
        #expect(
            statements.first?.variants.map(\.sql) == [
                "SELECT 1 WHERE a = $1", "SELECT 1 WHERE a = $1 AND (b = $2 OR c = $1) AND d = $2",
            ])
    }

    @Test(
        arguments: [
            (
                "SELECT 1 /*? WHERE true */",
                "t.sql:2:10: error: f: an optional part has no parameter of its own"
            ),
            (
                "SELECT 1 /*? WHERE a > :a AND b > :b */",
                "t.sql:2:10: error: f: an optional part with several parameters has no name"
            ),
            (
                "SELECT 1 /*? WHERE a = :a /*? AND b = :b */ */",
                "t.sql:2:27: error: f: an optional part is inside another"
            ),
            (
                "SELECT 1 /*?x WHERE a = :a AND b = :b */ /*? AND c = :b */",
                "t.sql:2:10: error: f: two optional parts share a parameter"
            ),
            (
                "SELECT :a /*? + :b *//*? + :c *//*? + :d *//*? + :e *//*? + :f *//*? + :g */",
                "t.sql:2:11: error: f: it has 6 optional parts"
            ),
            (
                "SELECT 1 ORDER BY /*order\n a b DESC */",
                "t.sql:3:1: error: f: a line of an order has no name"
            ),
            ("SELECT 1 ORDER BY /*order\n a: b */", "t.sql:2:19: error: f: an order wants two or more cases"),
            (
                "SELECT 1 ORDER BY /*order\n a: b\n c: d > :x */",
                "t.sql:2:19: error: f: the cases of an order have different parameters"
            ),
            (
                "SELECT /*order\n a: b\n c: d\n*/ ORDER BY /*order\n a: b\n d: c\n*/",
                "t.sql:5:13: error: f: two orders have different cases"
            ),
            ("SELECT 1 /*? WHERE a = ':a */", "t.sql:2:24: error: f: there is a quote"),
        ])
    func whatIsWrongHasAPlace(_ sql: String, _ words: String) {
        let (statements, faults) = QueryFileParser.parse("-- name: f :many\n\(sql);", path: "t.sql")
        #expect(statements.isEmpty)
        #expect(faults.count == 1)
        #expect(faults.first?.description.hasPrefix(words) ?? false, "\(faults)")
    }

    /// The fault is in one of the variants only; PostgreSQL's word for it and its place arrive all the same.
    @Test func everyVariantIsPrepared() async throws {
        let (statements, diagnostics) = try await Fixture.analyse(
            """
            -- name: f :many
            SELECT id, note FROM portfolios.lots WHERE user_id = :user_id
                /*? AND quantity > :low */
                /*? AND nothing = :nothing::text */;
            """)
        #expect(statements.isEmpty)
        #expect(diagnostics.count == 1)
        let text = diagnostics.first?.description ?? ""
        #expect(text.contains("things.sql:4:13: error: f: column \"nothing\" does not exist"), "\(text)")
    }

    @Test func variantsAgreeOnColumnsAndAddTheirRights() async throws {
        let (statements, diagnostics) = try await Fixture.analyse(
            """
            -- name: f :many
            SELECT note FROM portfolios.lots WHERE user_id = :user_id /*? AND note = :note */ /*? AND quantity > :low */;
            -- name: g :many
            SELECT id /*? , note = :note AS same */ FROM portfolios.lots;
            """)
        #expect(
            diagnostics.map(\.message) == [
                "g: its columns are not the same with and without its optional parts"
            ])
        let statement = try #require(statements.first)
        // NULL without the condition, never with it: NULL.
        #expect(statement.columns.map(\.isNullable) == [true])
        #expect(
            statement.parameters.map { "\($0.name) \($0.type.name)" } == [
                "user_id User.ID", "note String", "low FixedDecimal",
            ])
        let selected = statement.rights?.columns.first { $0.key.verb == .select }?.value.count
        #expect(selected == 3)
    }

    @Test(
        arguments: [
            ("-- nest: lot\nSELECT id FROM portfolios.portfolios", "f: no column begins with lot_"),
            (
                """
                -- nest: lot
                SELECT p.id, l.note AS lot_note FROM portfolios.portfolios p LEFT JOIN portfolios.lots l ON true
                """, "f: lot may be missing, but none of its columns tells"
            ),
            ("-- nest: Lot\nSELECT id FROM portfolios.portfolios", "Lot is not a new prefix of columns"),
        ])
    func aNestWantsColumnsAndAKey(_ sql: String, _ words: String) async throws {
        let (_, diagnostics) = try await Fixture.analyse("-- name: f :many\n\(sql);")
        #expect(diagnostics.count == 1)
        #expect(diagnostics.first?.message.hasPrefix(words) ?? false, "\(diagnostics)")
    }

    /// Which column tells that the join found no row, and what may be NULL where it found one.
    @Test func nestsAreOptionalWhereTheJoinIs() async throws {
        let (statements, diagnostics) = try await Fixture.analyse(
            """
            -- name: a :many
            -- nest: lot
            SELECT p.id, l.note AS lot_note, l.id AS lot_id FROM portfolios.portfolios p
            LEFT JOIN portfolios.lots l USING (user_id);
            -- name: b :many
            -- nest: lot
            SELECT p.id, l.note AS lot_note, l.id AS lot_id FROM portfolios.portfolios p
            JOIN portfolios.lots l USING (user_id);
            -- name: c :many
            -- nest: one
            -- nest: two
            SELECT a.id AS one_id, b.id AS two_id, c.quantity AS two_quantity, a.note AS one_note
            FROM portfolios.lots a LEFT JOIN (portfolios.lots b LEFT JOIN portfolios.lots c USING (user_id)) USING (user_id);
            -- name: d :many
            -- nest: lot
            SELECT p.id, l.id AS lot_id FROM portfolios.portfolios p LEFT JOIN portfolios.lots l USING (user_id)
            WHERE l.quantity > 0;
            """)
        #expect(diagnostics.isEmpty, "\(diagnostics)")
        #expect(
            statements.map { $0.nests.map { "\($0.name) \($0.columns) \($0.key.map(String.init) ?? "-")" } }
                == [
                    ["lot [1, 2] 2"], ["lot [1, 2] -"], ["one [0, 3] -", "two [1, 2] 1"], ["lot [1] -"],
                ])
        #expect(
            statements.map { $0.columns.map(\.isNullable) } == [
                [false, true, false], [false, true, false], [false, false, true, true], [false, false],
            ])
    }

    @Test(
        arguments: [
            ("COPY market.instruments (id, symbol) FROM STDIN", []),
            ("COPY market.instruments (id, nothing) FROM STDIN", ["column \"nothing\" does not exist"]),
            ("COPY portfolios.lots (id) FROM STDIN", ["it does INSERT on portfolios.lots"]),
            ("COPY market.instruments TO STDOUT", ["it is not a COPY that rows can be put into"]),
        ])
    func copyIsChecked(_ sql: String, _ words: [String]) async throws {
        let (statements, diagnostics) = try await Fixture.analyse(
            "-- name: f :copy\n\(sql);", module: "Market")
        #expect(diagnostics.count == words.count)
        for (diagnostic, word) in zip(diagnostics, words) { #expect(diagnostic.message.contains(word)) }
        #expect(
            statements.map { $0.columns.map(\.type.name) }
                == (words.isEmpty ? [["Instrument.ID", "String"]] : []))
    }
}
