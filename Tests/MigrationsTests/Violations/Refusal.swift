import DatabaseClient

/// Something in the catalog that refuses rows: a constraint, a unique index, a NOT NULL.
struct Refusal: Sendable {
    enum Kind: String, Sendable {
        case check = "c"
        case foreignKey = "f"
        case primaryKey = "p"
        case unique = "u"
        /// Unique without being a constraint: partial, or over an expression.
        case uniqueIndex = "i"
        case notNull = "n"
    }

    let namespace: String
    /// With its namespace.
    let table: String
    /// The constraint's, or for a NOT NULL the column's: PostgreSQL 15 names no more.
    let name: String
    let kind: Kind
    /// Its columns that are no expression.
    let columns: [String]
    /// It holds all columns of the primary key and more, so that the primary key refuses first.
    let isBehindPrimaryKey: Bool
    /// Of a CHECK: what must not be false.
    let expression: String?

    /// How cases and findings call it.
    var title: String { kind == .notNull ? "\(table).\(name)" : "\(namespace).\(name)" }

    /// Whether PostgreSQL's answer is this refusal and no other.
    func isNamed(by error: DatabaseError) -> Bool {
        guard case .server(let server) = error, "\(server.schema ?? "").\(server.table ?? "")" == table else {
            return false
        }
        return switch kind {
        case .check: error.checkViolation == name
        case .foreignKey: error.foreignKeyViolation == name
        case .primaryKey, .unique, .uniqueIndex: error.uniqueViolation == name
        case .notNull: server.sqlState == "23502" && server.column == name
        }
    }

    /// All of a namespace, by table and name.
    static func read(_ connection: DatabaseConnection, namespace: String) async throws -> [Refusal] {
        var parameters = Parameters()
        parameters.append(text: namespace)
        return try await connection.query(catalog, parameters).many { row in
            let kind = try row.text(2)
            guard let known = Kind(rawValue: kind) else {
                throw UnknownConstraint(name: try row.text(1), kind: kind)
            }
            return Refusal(
                namespace: namespace, table: "\(namespace).\(try row.text(0))", name: try row.text(1),
                kind: known, columns: try row.array(3, of: .text), isBehindPrimaryKey: try row.bool(4),
                expression: row.isNull(5) ? nil : try row.text(5))
        }
    }

    /// EXCLUDE and what PostgreSQL may yet invent: nobody has taught this suite to violate it.
    struct UnknownConstraint: Error {
        let name: String
        let kind: String
    }

    private static let catalog = """
        SELECT c.relname::text, k.conname::text, k.contype::text,
            ARRAY(SELECT a.attname::text FROM unnest(k.conkey) WITH ORDINALITY u (number, place)
                JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = u.number ORDER BY u.place),
            k.contype = 'u' AND EXISTS (SELECT FROM pg_constraint p
                WHERE p.conrelid = c.oid AND p.contype = 'p' AND p.conkey <@ k.conkey),
            pg_get_expr(k.conbin, k.conrelid)
        FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid
        WHERE c.relnamespace::regnamespace::text = $1 AND k.contype <> 't'
        UNION ALL
        SELECT c.relname::text, x.relname::text, 'i',
            ARRAY(SELECT a.attname::text FROM unnest(i.indkey::int2[]) WITH ORDINALITY u (number, place)
                JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = u.number AND u.number > 0
                ORDER BY u.place), false, NULL
        FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid JOIN pg_class x ON x.oid = i.indexrelid
        WHERE i.indisunique AND c.relkind IN ('r', 'p') AND c.relnamespace::regnamespace::text = $1
            AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = x.oid AND k.contype IN ('p', 'u'))
        UNION ALL
        SELECT c.relname::text, a.attname::text, 'n', ARRAY[a.attname::text], false, NULL
        FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
        WHERE c.relkind IN ('r', 'p') AND c.relnamespace::regnamespace::text = $1
            AND a.attnotnull AND a.attnum > 0 AND NOT a.attisdropped
        ORDER BY 1, 3, 2
        """
}
