import DatabaseClient
import Migrations

/// What the database says of the tables, indexes and users that its plans are about.
public struct PlanFacts: Sendable {
    public struct Table: Sendable, Hashable {
        /// Of eight kilobytes, as the last ANALYZE counted them.
        public let pages: Int
        public let rows: Int
        /// Who has the most rows in it, where anybody has more than others.
        public let busiestUser: String?

        public init(pages: Int, rows: Int, busiestUser: String? = nil) {
            self.pages = pages
            self.rows = rows
            self.busiestUser = busiestUser
        }
    }

    public struct Index: Sendable, Hashable {
        public let table: String
        /// It keeps a rule, so that it is needed though nothing reads by it.
        public let isUnique: Bool
        /// Of the rows that its predicate takes.
        public let isPartial: Bool
        /// Its comment says that a function goes by it, whose plans are not seen.
        public let servesFunction: Bool
        /// In the order of its entries; empty for an expression.
        public let columns: [String]

        public init(
            table: String, columns: [String], isUnique: Bool = false, isPartial: Bool = false,
            servesFunction: Bool = false
        ) {
            self.table = table
            self.columns = columns
            self.isUnique = isUnique
            self.isPartial = isPartial
            self.servesFunction = servesFunction
        }
    }

    /// By name, with its namespace.
    public internal(set) var tables: [String: Table]
    /// By name, with its namespace.
    public internal(set) var indexes: [String: Index]
    /// A table of more pages is large.
    public let largePages: Int

    public init(tables: [String: Table], indexes: [String: Index], largePages: Int) {
        self.tables = tables
        self.indexes = indexes
        self.largePages = largePages
    }

    public func isLarge(_ table: String) -> Bool { (tables[table]?.pages ?? 0) > largePages }

    /// Of a table with hardly any rows the planner's choice tells nothing, which the reader must see.
    func size(of table: String) -> String {
        let rows = tables[table]?.rows ?? 0
        return "\(table) has \(rows) \(rows == 1 ? "row" : "rows")"
    }
}

extension PlanFacts {
    private static let ours = """
        NOT LIKE 'pg\\_%' AND n.nspname NOT IN ('information_schema', 'public')
        """

    /// - Throws: `MigrationError.notPermitted` where nobody has run ANALYZE: the planner would only guess.
    static func read(_ connection: DatabaseConnection, largePages: Int) async throws -> PlanFacts {
        var facts = PlanFacts(tables: [:], indexes: [:], largePages: largePages)
        var isAnalysed = false
        let tables = try await connection.query(
            """
            SELECT n.nspname || '.' || c.relname, c.relpages::int8, c.reltuples::int8,
                (s.most_common_vals::text::text[])[1]
            FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
                LEFT JOIN pg_catalog.pg_stats s ON s.schemaname = n.nspname AND s.tablename = c.relname
                    AND s.attname IN ('user_id', 'owner_id') AND NOT s.inherited
            WHERE c.relkind = 'r' AND n.nspname \(ours)
            """)
        for number in 0..<tables.rowCount {
            let row = tables[number]
            let rows = try row.int(2)
            isAnalysed = isAnalysed || rows > 0
            facts.tables[try row.text(0)] = Table(
                pages: try row.int(1), rows: max(rows, 0), busiestUser: try row.optionalText(3))
        }
        guard isAnalysed else {
            throw MigrationError.notPermitted(
                "No table of this database has rows that the planner knows of. Fill it, and run ANALYZE.")
        }
        let indexes = try await connection.query(
            """
            SELECT n.nspname || '.' || x.relname, n.nspname || '.' || c.relname,
                i.indisunique OR i.indisexclusion, i.indpred IS NOT NULL,
                ARRAY(
                    SELECT coalesce(quote_ident(a.attname), '')
                    FROM unnest(i.indkey[0:i.indnkeyatts - 1]) WITH ORDINALITY u (number, place)
                        LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum = u.number
                            AND u.number > 0
                    ORDER BY u.place),
                coalesce(obj_description(x.oid, 'pg_class'), '') LIKE 'Serves the function %'
            FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class x ON x.oid = i.indexrelid
                JOIN pg_catalog.pg_class c ON c.oid = i.indrelid
                JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
            WHERE n.nspname \(ours)
            """)
        for number in 0..<indexes.rowCount {
            let row = indexes[number]
            facts.indexes[try row.text(0)] = Index(
                table: try row.text(1), columns: try row.array(4, of: .text), isUnique: try row.bool(2),
                isPartial: try row.bool(3), servesFunction: try row.bool(5))
        }
        return facts
    }
}
