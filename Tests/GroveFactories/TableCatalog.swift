public import DatabaseClient

/// What PostgreSQL itself knows of the tables of every context, so that nobody has to say it again.
public struct TableCatalog: Sendable {
    public struct Column: Sendable {
        public let name: String
        /// As `numeric(38,18)` or `loans.loan_status`.
        public let type: String
        public let isRequired: Bool
        public let hasDefault: Bool
        /// PostgreSQL computes it: nobody writes it.
        public let isGenerated: Bool
    }

    public struct ForeignKey: Sendable {
        public let name: String
        public let columns: [String]
        public let parent: String
        public let parentColumns: [String]
    }

    public struct Table: Sendable {
        /// With its namespace, as `loans.loans`.
        public let name: String
        public let columns: [Column]
        /// The widest first: what it settles, the narrower ones need not.
        public let foreignKeys: [ForeignKey]

        public func column(_ name: String) -> Column? { columns.first { $0.name == name } }
    }

    /// By name.
    public let tables: [String: Table]

    public static func read(_ connection: DatabaseConnection) async throws -> TableCatalog {
        let columns = try await connection.query(Self.columns).many { row in
            (
                table: try row.text(0),
                column: Column(
                    name: try row.text(1), type: try row.text(2), isRequired: try row.bool(3),
                    hasDefault: try row.bool(4), isGenerated: try row.bool(5))
            )
        }
        let keys = try await connection.query(Self.foreignKeys).many { row in
            (
                table: try row.text(0),
                key: ForeignKey(
                    name: try row.text(1), columns: try row.array(2, of: .text), parent: try row.text(3),
                    parentColumns: try row.array(4, of: .text))
            )
        }
        let keysByTable = Dictionary(grouping: keys, by: \.table)
        var tables: [String: Table] = [:]
        for (name, columns) in Dictionary(grouping: columns, by: \.table) {
            tables[name] = Table(
                name: name, columns: columns.map(\.column),
                foreignKeys: (keysByTable[name] ?? []).map(\.key))
        }
        return TableCatalog(tables: tables)
    }

    /// Namespaces that are not PostgreSQL's own; `public` belongs to nobody.
    private static let ours = "n.nspname !~ '^pg_' AND n.nspname NOT IN ('information_schema', 'public')"

    private static let columns = """
        SELECT format('%s.%s', n.nspname, c.relname), a.attname::text, format_type(a.atttypid, a.atttypmod),
            a.attnotnull, a.atthasdef, a.attgenerated <> ''
        FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE c.relkind IN ('r', 'p') AND a.attnum > 0 AND NOT a.attisdropped AND \(ours)
        ORDER BY 1, a.attnum
        """

    private static let foreignKeys = """
        SELECT format('%s.%s', n.nspname, c.relname), k.conname::text,
            ARRAY(SELECT a.attname::text FROM unnest(k.conkey) WITH ORDINALITY u (number, place)
                JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = u.number ORDER BY u.place),
            (SELECT format('%s.%s', pn.nspname, p.relname) FROM pg_class p
                JOIN pg_namespace pn ON pn.oid = p.relnamespace WHERE p.oid = k.confrelid),
            ARRAY(SELECT a.attname::text FROM unnest(k.confkey) WITH ORDINALITY u (number, place)
                JOIN pg_attribute a ON a.attrelid = k.confrelid AND a.attnum = u.number ORDER BY u.place)
        FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE k.contype = 'f' AND \(ours)
        ORDER BY 1, cardinality(k.conkey) DESC, 2
        """
}
