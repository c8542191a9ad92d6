import DatabaseClient
import Migrations

/// What PostgreSQL runs for a foreign key when the row that is referred to is deleted: it looks for the rows
/// that refer to it.
struct ReferencingRows: Sendable {
    /// With its table: `portfolios.lots.lots_instrument_fkey`.
    let name: String
    /// With its namespace.
    let table: String
    let target: String
    let columns: [String]
    let sql: String
    let types: [String]

    /// Every foreign key of ours, by name.
    static func read(_ connection: DatabaseConnection) async throws -> [ReferencingRows] {
        let result = try await connection.query(
            """
            SELECT n.nspname || '.' || c.relname, k.conname::text, format('%I.%I', n.nspname, c.relname),
                k.confdeltype = 'c', k.confrelid::regclass::text,
                array_agg(quote_ident(a.attname) ORDER BY u.place),
                array_agg(format_type(f.atttypid, NULL) ORDER BY u.place)
            FROM pg_catalog.pg_constraint k JOIN pg_catalog.pg_class c ON c.oid = k.conrelid
                JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
                CROSS JOIN LATERAL unnest(k.conkey, k.confkey) WITH ORDINALITY u (own, other, place)
                JOIN pg_catalog.pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = u.own
                JOIN pg_catalog.pg_attribute f ON f.attrelid = k.confrelid AND f.attnum = u.other
            WHERE k.contype = 'f'
            GROUP BY k.oid, n.nspname, c.relname
            ORDER BY 1, 2
            """)
        return try (0..<result.rowCount).map { number in
            let row = result[number]
            let columns = try row.array(5, of: .text)
            // As ri_triggers.c writes it.
            let condition = columns.enumerated().map {
                "$\($0.offset + 1) OPERATOR(pg_catalog.=) \($0.element)"
            }
            .joined(separator: " AND ")
            let table = try row.text(2)
            return ReferencingRows(
                name: "\(try row.text(0)).\(try row.text(1))", table: try row.text(0),
                target: try row.text(4),
                columns: columns,
                sql: try row.bool(3)
                    ? "DELETE FROM ONLY \(table) WHERE \(condition)"
                    : "SELECT 1 FROM ONLY \(table) x WHERE \(condition) FOR KEY SHARE OF x",
                types: try row.array(6, of: .text))
        }
    }
}
