extension Rule {
    static let volatileDefault = Rule(
        "volatile-default",
        why: """
            A default that differs from row to row (gen_random_uuid(), clock_timestamp(), a function of \
            one's own) writes the whole table anew while nobody can read it; a constant, and now(), is \
            stored once.
            """,
        instead: """
            Add the column without a default, SET DEFAULT after it for new rows, and fill the old ones \
            in batches in another migration.
            """,
        bad: ["ALTER TABLE portfolios.lots ADD COLUMN token uuid DEFAULT gen_random_uuid();"],
        good: [
            """
            ALTER TABLE portfolios.lots ADD COLUMN token uuid;
            ALTER TABLE portfolios.lots ALTER COLUMN token SET DEFAULT gen_random_uuid();
            """
        ],
        check: .text(alsoDown: false) { file in
            file.alterations.compactMap { statement, table, action in
                guard case .addColumn(let column) = action,
                    let function = column.defaultExpression?.callThatMayVary
                else { return nil }
                return Violation(
                    statement: statement, line: column.line,
                    message: "\(function)() may differ from row to row, so all of \(table) is written anew")
            }
        })
}

extension [Token] {
    /// Functions of PostgreSQL that give every row of a statement the same; of others nothing is known.
    private static let steady: Set<String> = [
        "now", "transaction_timestamp", "statement_timestamp", "current_setting", "to_timestamp", "to_date",
        "date_trunc", "make_date", "make_interval", "make_timestamptz", "lower", "upper", "coalesce",
        "nullif", "jsonb_build_object", "jsonb_build_array", "to_jsonb", "length", "cast", "array_fill",
        "int4range", "int8range", "numrange", "tstzrange", "daterange", "decode", "encode", "md5", "sha256",
        "greatest", "least", "row", "current_timestamp", "localtimestamp", "current_time", "localtime",
        "in", "and", "or", "not",
    ]

    /// The first function called here that is not known to be steady.
    fileprivate var callThatMayVary: String? {
        for index in indices.dropLast() where self[index].isIdentifier && self[index + 1].isSign("(") {
            var start = index
            while start >= 2, self[start - 1].isSign("."), self[start - 2].isIdentifier { start -= 2 }
            // `::numeric(38,18)` and `CAST(x AS numeric(38,18))` name a type.
            if start > 0, self[start - 1].isSign("::") || self[start - 1].isWord("as") { continue }
            let name = self[start...index].map(\.text).joined()
            let bare = name.hasPrefix("pg_catalog.") ? String(name.dropFirst("pg_catalog.".count)) : name
            if !Self.steady.contains(bare) { return name }
        }
        return nil
    }
}
