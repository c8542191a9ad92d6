import DatabaseClient
import Migrations
import Testing

@testable import SchemaAnalysis

/// What the tool says of NULL is what was written by hand, and what rows show.
struct NullabilityTests {
    @Test(arguments: TestServer.all)
    func isAsWrittenByHandAndAsRowsShow(_ server: TestServer) async throws {
        #expect(NullabilityCases.all.count >= 60)
        try await NullabilityCases.withSchema(on: server) { connection, analyzer in
            var cases: [Case] = []
            let ofThisVersion = server === TestServer.sixteen ? NullabilityCases.since16 : []
            for (number, (sql, expected)) in (NullabilityCases.all + ofThisVersion).enumerated() {
                let found = try await inspect(sql, connection, analyzer)
                let words = found.columns.map { $0 ? "N" : "!" }.joined()
                #expect(words == expected.uppercased(), "\(sql)")
                try await connection.script("PREPARE s\(number) AS \(found.query.sql)")
                cases.append(Case(found, expected: expected))
            }
            for round in 0..<24 {
                try await connection.script("SELECT setseed(\(Double(round) / 24)); \(Self.randomRows)")
                for number in cases.indices {
                    try await run(&cases[number], number, round, connection)
                }
            }
            for item in cases {
                let query = item.found.query.sql
                #expect(item.hasRun, "never ran: \(query)")
                for (index, mark) in item.expected.enumerated() {
                    let wasNull = item.nulls.contains(index)
                    if mark == "!" { #expect(!wasNull, "column \(index + 1) came back NULL: \(query)") }
                    if mark == "N" { #expect(wasNull, "column \(index + 1) never was NULL: \(query)") }
                }
            }
        }
    }

    @Test(arguments: TestServer.all)
    func parametersMayBeNilWhereTheStatementHasAMeaningForIt(_ server: TestServer) async throws {
        try await NullabilityCases.withSchema(on: server) { connection, analyzer in
            for (sql, expected) in NullabilityCases.parameters {
                let found = try await inspect(sql, connection, analyzer)
                let words = found.query.parameters.indices.map {
                    found.nullableParameters.contains($0 + 1) ? "N" : "!"
                }
                #expect(words.joined() == expected, "\(sql)")
            }
        }
    }

    @Test(arguments: TestServer.all)
    func nullInsideArraysIsFoundAsRowsShow(_ server: TestServer) async throws {
        try await NullabilityCases.withSchema(on: server) { connection, analyzer in
            var hadNull = NullabilityCases.arrays.map { _ in Set<Int>() }
            for (sql, expected) in NullabilityCases.arrays {
                let words = try await inspect(sql, connection, analyzer).arrays.map { $0 ? "N" : "!" }
                #expect(words.joined() == expected.uppercased(), "\(sql)")
            }
            for round in 0..<24 {
                try await connection.script("SELECT setseed(\(Double(round) / 24)); \(Self.randomRows)")
                for (number, (sql, expected)) in NullabilityCases.arrays.enumerated() {
                    let columns = (1...expected.count).map { "c\($0)" }
                    let asked = columns.map {
                        "coalesce(bool_or(array_position(\($0), NULL) IS NOT NULL), false)"
                    }
                    let row = try await connection.query(
                        "SELECT \(asked.joined(separator: ", ")) FROM (\(sql)) s (\(columns.joined(separator: ", ")))"
                    )[0]
                    for index in columns.indices where try row.bool(index) { hadNull[number].insert(index) }
                }
            }
            for ((sql, expected), hadNull) in zip(NullabilityCases.arrays, hadNull) {
                for (index, mark) in expected.enumerated() where mark != "n" {
                    #expect(hadNull.contains(index) == (mark == "N"), "array \(index + 1) of \(sql)")
                }
            }
        }
    }

    @Test(arguments: TestServer.all)
    func elementsMayBeNilWhereTheStatementHasAMeaningForIt(_ server: TestServer) async throws {
        try await NullabilityCases.withSchema(on: server) { connection, analyzer in
            for (sql, expected) in NullabilityCases.elements {
                let found = try await inspect(sql, connection, analyzer)
                let words = found.query.parameters.indices.map {
                    found.nullableElements.contains($0 + 1) ? "N" : "!"
                }
                #expect(words.joined() == expected, "\(sql)")
            }
        }
    }

    /// Of a version whose tree is not known, only what no word of the statement puts in doubt is never NULL.
    @Test func anUnknownVersionMakesExpressionsNullableAndIsSaid() async throws {
        let sql = """
            -- name: plain :many
            SELECT id, name, note, upper(name) AS loud FROM market.things;
            -- name: joined :many
            SELECT a.name FROM market.things a LEFT JOIN market.things b USING (id);
            -- name: counted :one
            SELECT count(*) AS "number!" FROM market.things;
            """
        try await NullabilityCases.withSchema { connection, _ in
            try await connection.script(
                "CREATE SCHEMA market; CREATE TABLE market.things (id int NOT NULL, name text NOT NULL, note text)"
            )
            let types = TypeInference(catalog: try await Catalog.read(connection))
            let analyzer = StatementAnalyzer(connection: connection, types: types, knownVersions: [14])
            try await withFolder(["Packages/Market/Queries/things.sql": sql]) { path in
                let (modules, _) = try Module.discover(repository: path, roles: Fixture.roles)
                let (statements, diagnostics) = try await analyzer.analyse(modules[0])
                #expect(
                    statements.map { $0.columns.map(\.isNullable) } == [
                        [false, false, true, true], [true], [false],
                    ])
                #expect(statements.allSatisfy { $0.rights == nil && $0.isWrite })
                #expect(diagnostics.map(\.severity) == [.warning])
                let message = diagnostics.first?.message ?? ""
                #expect(message.contains("PostgreSQL 15") && message.contains("no grants are written"))
            }
        }
    }

    private struct Found {
        let query: QueryStatement
        let columns: [Bool]
        /// Whether each column may be an array that holds NULL.
        let arrays: [Bool]
        let parameterTypes: [UInt32]
        let nullableParameters: Set<Int>
        let nullableElements: Set<Int>
    }

    private struct Case {
        let found: Found
        let expected: String
        var nulls: Set<Int> = []
        var hasRun = false

        init(_ found: Found, expected: String) {
            self.found = found
            self.expected = expected
        }
    }

    private func inspect(
        _ sql: String, _ connection: DatabaseConnection, _ analyzer: StatementAnalyzer
    ) async throws -> Found {
        let (statements, faults) = QueryFileParser.parse("-- name: s :many\n\(sql);", path: "s.sql")
        #expect(faults.isEmpty)
        let query = try #require(statements.first)
        let description = try await connection.describe(query.sql)
        let tree = try await analyzer.tree(of: query, parameterTypes: description.parameterTypes)
        let catalog = analyzer.types.catalog
        let use = ParameterUse(inBody: tree, catalog: catalog)
        let nullable = Set(
            query.parameters.indices.map { $0 + 1 }.filter {
                query.parameters[$0 - 1].mark.map { $0 == .mayBeNull } ?? use.nullable.contains($0)
            })
        let nullability = Nullability(catalog: catalog, nullableParameters: nullable)
        return Found(
            query: query, columns: nullability.mayBeNull(inBody: tree),
            arrays: nullability.mayHoldNull(inBody: tree), parameterTypes: description.parameterTypes,
            nullableParameters: nullable, nullableElements: use.nullableElements)
    }

    /// Runs the statement once with arguments of the round, and takes back what it did.
    private func run(
        _ item: inout Case, _ number: Int, _ round: Int, _ connection: DatabaseConnection
    ) async throws {
        let arguments = item.found.parameterTypes.enumerated().map { index, type in
            if item.found.nullableParameters.contains(index + 1), (round + index) % 2 == 0 { return "NULL" }
            switch type {
            case 1009: return ["'{}'", "'{a,b}'", "'{x}'"][round % 3]
            case 1007: return ["'{}'", "'{1,2}'"][round % 2]
            case 20, 23: return "\(round % 5 + index * 100)"
            default: return ["'a'", "'x'", "''"][(round + index) % 3]
            }
        }
        let list = arguments.isEmpty ? "" : "(\(arguments.joined(separator: ", ")))"
        try await connection.script("BEGIN")
        do {
            let result = try await connection.query("EXECUTE s\(number)\(list)")
            item.hasRun = true
            for row in 0..<result.rowCount {
                for column in 0..<item.expected.count where result[row].isNull(column) {
                    item.nulls.insert(column)
                }
            }
        } catch let error as DatabaseError {
            // A row that the random ones have already.
            guard case .server(let server) = error, server.sqlState == "23505" else { throw error }
        }
        try await connection.script("ROLLBACK")
    }

    /// Up to six rows a table, some tables empty, with every odd value that a column can hold.
    private static let randomRows = """
        TRUNCATE shop.users, shop.posts, shop.comments, shop.labels;
        INSERT INTO shop.labels
            SELECT pick(ARRAY[NULL, '{}', '{a}', '{a,b}'])::text[], pick(ARRAY[NULL, '{}', '{a,NULL}'])::text[]
            FROM generate_series(1, floor(random() * 4)::int);
        INSERT INTO shop.users
            SELECT id, pick(ARRAY['a', 'b', 'x', 'Y']), pick(ARRAY[NULL, 'a', 'b', 'x', '']),
                pick(ARRAY['on', 'off']), pick(ARRAY[NULL, '1980-02-29', 'infinity'])::date,
                pick(ARRAY['now', '2024-05-05 12:00Z', 'infinity', '-infinity'])::timestamptz
            FROM generate_series(1, floor(random() * 7)::int) id;
        INSERT INTO shop.posts
            SELECT id, (SELECT u.id FROM shop.users u WHERE random() < 0.4 AND id > 0 LIMIT 1),
                pick(ARRAY['a', 'b', 'x', 'xx', '']), floor(random() * 5)::int + 1,
                pick(ARRAY[NULL, 'a', 'b', '']),
                pick(ARRAY['{}', '{a}', '{x,NULL}', '{NULL}'])::text[],
                pick(ARRAY['{}', '{"a": "x", "list": [1, null]}', '{"a": null, "list": []}'])::jsonb,
                pick(ARRAY['[1,3)', '(,5)', '[2,)', 'empty', '(,)'])::int4range
            FROM generate_series(1, floor(random() * 7)::int) id;
        INSERT INTO shop.comments
            SELECT id, p, pick(ARRAY[NULL, '1', '2', '3'])::bigint, pick(ARRAY['a', 'b', ''])
            FROM (SELECT i + 2 AS id, (SELECT id FROM shop.posts WHERE i > 0 ORDER BY random() LIMIT 1) AS p
                FROM generate_series(1, floor(random() * 7)::int) i) x WHERE p IS NOT NULL;
        """.replacing("pick(", with: "shop.pick(")
}
