import Migrations
import Testing

@testable import SchemaAnalysis

struct StatementAnalyzerTests {
    /// `name: Type` of each parameter, then of each column.
    private func types(_ sql: String, module: String = "Portfolios") async throws -> [String] {
        let text = "-- name: f :many\n\(sql);"
        let (statements, diagnostics) = try await Fixture.analyse(
            text, module: module,
            readme:
                "reads: market.instruments\n- reads: `market.register_instrument`, reads: market.instrument_label"
        )
        #expect(diagnostics.isEmpty, "\(diagnostics)")
        guard let statement = statements.first else { return [] }
        return statement.parameters.map { ":\($0.name) \($0.type.name)\($0.isNullable ? "?" : "")" }
            + statement.columns.map { "\($0.name) \($0.type.name)\($0.isNullable ? "?" : "")" }
    }

    @Test(
        arguments: [
            // Keys: a key of one's own, one by a foreign key, one by two of them, one that is null.
            (
                "SELECT id, user_id, name FROM portfolios.portfolios WHERE user_id = :user_id AND id = :portfolio_id",
                [
                    ":user_id User.ID", ":portfolio_id Portfolio.ID", "id Portfolio.ID", "user_id User.ID",
                    "name String",
                ]
            ),
            (
                "SELECT instrument_id, portfolio_id, note FROM portfolios.lots WHERE user_id = :user_id",
                [
                    ":user_id User.ID", "instrument_id Instrument.ID", "portfolio_id Portfolio.ID",
                    "note String?",
                ]
            ),
            (
                "SELECT replaced_by, added_on FROM market.instruments WHERE replaced_by = :replaced_by",
                [":replaced_by Instrument.ID", "replaced_by Instrument.ID", "added_on CalendarDay?"]
            ),
            // Comments, enums, numerics.
            (
                "SELECT currency, class FROM market.instruments WHERE currency = :currency AND class = :class",
                [
                    ":currency Currency", ":class InstrumentClass", "currency Currency",
                    "class InstrumentClass",
                ]
            ),
            (
                "SELECT quantity, details FROM portfolios.lots WHERE user_id = :user_id AND quantity > :quantity",
                [":user_id User.ID", ":quantity FixedDecimal", "quantity FixedDecimal", "details String?"]
            ),
            // Expressions follow what they are made of, unless a mark says otherwise; casts and names type them.
            (
                "SELECT count(*) AS total, sum(quantity) AS quantity, 1::int2 AS \"one?\" FROM portfolios.lots",
                ["total Int", "quantity FixedDecimal?", "one Int?"]
            ),
            (
                "SELECT quantity AS \"quantity?\", note AS \"note!\" FROM portfolios.lots",
                ["quantity FixedDecimal?", "note String"]
            ),
            // Nullable parameters, and one that is used twice.
            (
                "SELECT id FROM portfolios.lots WHERE (:day::date IS NULL OR :at::timestamptz > now()) AND note = :note?"
                    + " AND :day > '2026-01-01'",
                [":day CalendarDay?", ":at Date", ":note String?", "id Lot.ID"]
            ),
            // Arrays, with and without a line that says what they hold.
            (
                "SELECT i FROM unnest(:ids::uuid[]) AS t(i) WHERE now() = ANY (:days::date[]) AND 1 = ANY (:amounts)"
                    + " AND 'equity' = ANY (:kinds::market.instrument_class[])",
                [
                    ":ids [UUID]", ":days [CalendarDay]", ":amounts [Int]", ":kinds [InstrumentClass]",
                    "i UUID",
                ]
            ),
            // A mark of an array speaks of what it holds.
            (
                "SELECT i, :notes?::text[] AS notes FROM unnest(:ids?::uuid[]) AS t(i)",
                [":notes [String?]", ":ids [UUID?]", "i UUID?", "notes [String?]"]
            ),
            // NULL inside arrays: where an outer join finds nothing, in a list, in a subquery.
            (
                "SELECT p.id, array_agg(l.note) AS notes, array_agg(l.id) AS ids, array_agg(p.name) AS names, "
                    + "array_agg(l.id) FILTER (WHERE l.id IS NOT NULL) AS found FROM portfolios.portfolios p "
                    + "LEFT JOIN portfolios.lots l ON l.portfolio_id = p.id GROUP BY p.id, p.name",
                ["id Portfolio.ID", "notes [String?]", "ids [UUID?]", "names [String]", "found [UUID]?"]
            ),
            (
                "SELECT ARRAY[name, 'x'] AS names, ARRAY[archived_at] AS moments, ARRAY(SELECT quantity FROM "
                    + "portfolios.lots) AS quantities FROM portfolios.portfolios",
                ["names [String]", "moments [Date?]", "quantities [FixedDecimal]"]
            ),
            // A function's result has no column: its name says what it is.
            (
                "SELECT market.register_instrument(:symbol) AS \"instrument_id!\"",
                [":symbol String", "instrument_id Instrument.ID"]
            ),
            // Through a view, a subquery, a join, a UNION: what the column is where it comes from.
            (
                "SELECT portfolio_id, quantity, instrument_id AS held FROM portfolios.positions WHERE user_id = :user_id",
                [
                    ":user_id User.ID", "portfolio_id Portfolio.ID", "quantity FixedDecimal",
                    "held Instrument.ID",
                ]
            ),
            (
                "SELECT p.id AS mine, x.held, x.q FROM portfolios.portfolios p LEFT JOIN"
                    + " (SELECT user_id, instrument_id AS held, quantity AS q FROM portfolios.positions) x USING (user_id)",
                ["mine Portfolio.ID", "held Instrument.ID?", "q FixedDecimal?"]
            ),
            (
                "SELECT portfolio_id AS one FROM portfolios.lots UNION SELECT id FROM portfolios.portfolios",
                ["one Portfolio.ID"]
            ),
            (
                "SELECT instrument_id AS one FROM portfolios.lots UNION SELECT id FROM portfolios.portfolios",
                ["one UUID"]
            ),
            (
                "SELECT coalesce(l.portfolio_id, p.id) AS which FROM portfolios.portfolios p LEFT JOIN portfolios.lots l ON true",
                ["which Portfolio.ID"]
            ),
            (
                "INSERT INTO portfolios.portfolios (user_id, id, name, updated_at) VALUES (:user_id, :portfolio_id,"
                    + " :name, :now) RETURNING updated_at",
                [
                    ":user_id User.ID", ":portfolio_id Portfolio.ID", ":name String", ":now Date",
                    "updated_at Date",
                ]
            ),
        ])
    func infersTypes(_ sql: String, _ expected: [String]) async throws {
        #expect(try await types(sql) == expected)
    }

    @Test(
        arguments: [
            ("SELECT id AS \"id!\" FROM portfolios.lots", ["column id is never NULL without the !"]),
            ("SELECT note AS \"note?\" FROM portfolios.lots", ["column note may be NULL without the ?"]),
            (
                "SELECT id FROM portfolios.lots WHERE note = :note!",
                ["parameter :note is never NULL without the !"]
            ),
            (
                "UPDATE portfolios.lots SET note = :note? RETURNING id",
                ["parameter :note may be NULL without the ?"]
            ),
            (
                "SELECT note AS \"note!\", id AS \"id?\" FROM portfolios.lots WHERE id = :id? AND quantity !=:q",
                []
            ),
        ])
    func warnsOfAMarkThatSaysNothingNew(_ sql: String, _ messages: [String]) async throws {
        let (statements, diagnostics) = try await Fixture.analyse("-- name: f :many\n\(sql);")
        #expect(statements.count == 1)
        #expect(diagnostics.map(\.message) == messages.map { "f: \($0)" })
        #expect(diagnostics.allSatisfy { $0.severity == .warning && $0.description.contains(": warning: ") })
    }

    @Test func ratesAreWiderThanAmounts() async throws {
        #expect(
            try await types(
                "SELECT rate, weight, base FROM market.exchange_rates WHERE rate > :rate AND base = :base",
                module: "Market")
                == [
                    ":rate ExchangeRate", ":base Currency", "rate ExchangeRate", "weight FixedDecimal?",
                    "base Currency",
                ])
    }

    @Test func overridesAreCheckedAgainstPostgreSQL() async throws {
        let (statements, diagnostics) = try await Fixture.analyse(
            """
            -- name: good :many
            -- param: ids [Lot.ID]
            -- param: kinds [InstrumentClass]
            -- column: found Portfolio.ID
            SELECT i AS found FROM unnest(:ids::uuid[]) AS t(i) WHERE 'equity' = ANY (:kinds::text[]);
            -- name: bad :many
            -- param: ids [CalendarDay]
            -- column: found Nonsense
            SELECT i AS "found!" FROM unnest(:ids::uuid[]) AS t(i);
            """)
        #expect(statements.map(\.query.name) == ["good"])
        #expect(statements.first?.parameters.map(\.type.name) == ["[Lot.ID]", "[InstrumentClass]"])
        #expect(statements.first?.columns.map(\.type.name) == ["Portfolio.ID"])
        #expect(diagnostics.map(\.position.line) == [9, 6])
        #expect(
            diagnostics.first?.message.contains("asks for [CalendarDay], but PostgreSQL gives [UUID]")
                ?? false)
        #expect(diagnostics.last?.message.contains("asks for the type Nonsense") ?? false)
    }

    @Test func rowsAreTypedByTheColumnsThatTheyGoInto() async throws {
        let (statements, diagnostics) = try await Fixture.analyse(
            """
            -- name: insertLots :exec
            -- rows: NewLot
            INSERT INTO portfolios.lots (user_id, id, portfolio_id, instrument_id, quantity, note, details)
            SELECT :user_id, lot.id, :portfolio_id, lot.instrument_id, lot.quantity, lot.note, lot.details
            FROM unnest(:ids::uuid[], :instruments::uuid[], :quantities::numeric[], :notes::text[], :details!::jsonb[])
                AS lot (id, instrument_id, quantity, note, details);
            -- name: compareLots :many
            -- rows: ComparedLot
            -- param: prices [ExchangeRate?]
            SELECT l.id, asked.price, asked.place, asked.portfolio_id
            FROM unnest(:ids::uuid[], :prices::numeric[], :portfolio_ids::uuid[], :classes::market.instrument_class[])
                WITH ORDINALITY AS asked (lot_id, price, portfolio_id, class, place)
            JOIN portfolios.lots l ON l.id = asked.lot_id AND asked.class = 'equity';
            """)
        #expect(diagnostics.isEmpty, "\(diagnostics)")
        func words(_ columns: [AnalysedStatement.Column]) -> [String] {
            columns.map { "\($0.name) \($0.type.name)\($0.isNullable ? "?" : "")" }
        }
        #expect(statements.map(\.rowInput?.name) == ["NewLot", "ComparedLot"])
        #expect(
            statements.map { words($0.rowInput?.fields ?? []) } == [
                [
                    "id Lot.ID", "instrument_id Instrument.ID", "quantity FixedDecimal", "note String?",
                    "details String",
                ],
                [
                    "lot_id Lot.ID", "price ExchangeRate?", "portfolio_id Portfolio.ID",
                    "class InstrumentClass",
                ],
            ])
        // Arrays of one length are not filled up with NULL.
        #expect(
            statements.last.map { words($0.columns) } == [
                "id Lot.ID", "price FixedDecimal?", "place Int", "portfolio_id Portfolio.ID",
            ])
    }

    @Test(
        arguments: [
            ("SELECT id FROM portfolios.lots WHERE id = ANY (:ids)", "not one unnest of parameters alone"),
            (
                "SELECT a FROM unnest(:a::text[]) AS x(a), unnest(:b::text[]) AS y(b)",
                "not one unnest of parameters alone"
            ),
            (
                "SELECT a FROM unnest(:a::text[], '{x}'::text[]) AS x(a, b)",
                "not one unnest of parameters alone"
            ),
            (
                "SELECT a FROM unnest(:a::text[], :a::text[]) AS x(a, b)",
                "one array is two of its rows' fields"
            ),
            (
                "SELECT 1 AS a FROM unnest(:a::text[], :b::text[]) AS x(user_id, user__id)",
                "would both be userID"
            ),
        ])
    func rowsThatAreNoneAreRefused(_ sql: String, _ words: String) async throws {
        let (statements, diagnostics) = try await Fixture.analyse(
            "-- name: f :many\n-- rows: Thing\n\(sql);")
        #expect(statements.isEmpty)
        #expect(diagnostics.first?.message.contains(words) ?? false, "\(diagnostics)")
    }

    @Test(
        arguments: [
            ("SELECT id, user_id FROM portfolios.lots", AnalysedStatement.Shape.row("FRow")),
            ("SELECT id FROM portfolios.lots", .value),
            (
                "SELECT user_id, id, name, archived_at, updated_at FROM portfolios.portfolios",
                .tableRow("PortfolioRow", table: "portfolios.portfolios")
            ),
            (
                "SELECT user_id, id, name, archived_at, updated_at AS at FROM portfolios.portfolios",
                .row("FRow")
            ),
            (
                "SELECT user_id, id, name, archived_at AS \"archived_at!\", updated_at FROM portfolios.portfolios",
                .row("FRow")
            ),
        ])
    func shapesOfResults(_ sql: String, _ shape: AnalysedStatement.Shape) async throws {
        let (statements, _) = try await Fixture.analyse("-- name: f :many\n\(sql);")
        #expect(statements.first?.shape == shape)
    }

    @Test(
        arguments: [
            ("SELECT id FROM portfolios.lots", false), ("SELECT id FROM portfolios.lots FOR SHARE", true),
            ("SELECT market.instrument_label('a') AS a", false),
            ("SELECT market.register_instrument('a') AS a", true),
            ("DELETE FROM portfolios.lots RETURNING id", true),
            ("WITH gone AS (DELETE FROM portfolios.lots RETURNING id) SELECT id FROM gone", true),
        ])
    func readsAndWrites(_ sql: String, _ isWrite: Bool) async throws {
        let (statements, diagnostics) = try await Fixture.analyse(
            "-- name: f :many\n\(sql);",
            readme: "reads: market.register_instrument reads: market.instrument_label")
        #expect(diagnostics.isEmpty)
        #expect(statements.first?.isWrite == isWrite)
    }

    /// Where the fault is, the words that PostgreSQL or the tool finds, and the words that help.
    @Test(
        arguments: [
            (
                "SELECT id,\n  nmae FROM portfolios.lots", "things.sql:3:3: error: f: column \"nmae\"",
                "schema.sql"
            ),
            ("SELECT id FROM lots", "things.sql:2:16: error: f: relation \"lots\"", "with its namespace"),
            (
                "SELECT 1 +", "things.sql:2:11: error: f: syntax error at end of input",
                "Correct the statement"
            ),
            ("SELECT app.nothing(:x) AS a", "things.sql:2:8: error: f: function app.nothing", ":name::uuid"),
            ("SELECT 1 AS a, 2 AS a", "things.sql:1:1: error: f: two columns are called a", "another name"),
            ("SELECT count(*), max(id::text)", "things.sql:2:22: error: f: column \"id\"", ""),
            (
                "SELECT now()::timestamp AS at",
                "things.sql:1:1: error: f: column at: the type pg_catalog.timestamp", "timestamptz"
            ),
            ("SELECT 1 AS \"Total\"", "things.sql:1:1: error: f: column 1 is called \"Total\"", "snake_case"),
            (
                "SELECT 1.5::numeric(30,2) AS a",
                "things.sql:1:1: error: f: column a: numeric(30,2) does not fit", "38,18"
            ),
            (
                "SELECT i FROM unnest(:ids::uuid[], :kinds::text[]) AS t(i, k)",
                "things.sql:2:22: error: f: nothing keeps the arrays :ids, :kinds at one length",
                "-- rows: NewItem"
            ),
            ("LISTEN things", "things.sql:1:1: error: f: LISTEN is not yet supported", "Only SELECT"),
            (
                "SELECT id FROM market.instruments", "things.sql:2:16: error: f: it reads market.instruments",
                "reads: market.instruments"
            ),
            (
                "INSERT INTO market.instruments (id) VALUES (:instrument_id) RETURNING id",
                "things.sql:2:13: error: f: it does INSERT on market.instruments, which belongs to market",
                "events"
            ),
            (
                "SELECT id FROM users.users FOR UPDATE",
                "things.sql:2:16: error: f: it locks rows of users.users", "events"
            ),
            (
                "SELECT market.register_instrument('a') AS a",
                "things.sql:2:8: error: f: it calls market.register", "reads: market.reg"
            ),
        ])
    func errorsTeach(_ sql: String, _ words: String, _ hint: String) async throws {
        let (statements, diagnostics) = try await Fixture.analyse("-- name: f :many\n\(sql);")
        #expect(statements.isEmpty)
        #expect(diagnostics.count == 1)
        let text = "\(diagnostics.first?.description ?? "")"
        #expect(text.contains(words), "\(text)")
        #expect(text.contains(hint), "\(text)")
    }

    @Test(
        arguments: [
            (":one", "UPDATE portfolios.lots SET note = ''", "gives no rows, but is declared :one"),
            (":optional", "SELECT note FROM portfolios.lots", "cannot tell NULL from no row"),
        ])
    func kindsMustFit(_ kind: String, _ sql: String, _ words: String) async throws {
        let (_, diagnostics) = try await Fixture.analyse("-- name: f \(kind)\n\(sql);")
        #expect(diagnostics.first?.message.contains(words) ?? false, "\(diagnostics)")
    }
}
