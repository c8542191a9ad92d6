import DatabaseClient

/// What a rule of the catalog has found in a migrated database.
public struct CatalogOffender: Sendable {
    public let rule: Rule
    /// With its namespace.
    public let table: String
    /// The column, constraint, index, policy or trigger; empty for the table itself.
    public let object: String
    public let message: String

    /// What the rules' queries stand on: our namespaces, their tables but for the runner's own, and the
    /// constraints of these. A table is owned when each of its rows is a user's.
    private static let views = """
        WITH namespaces AS (
            SELECT oid, nspname::text FROM pg_namespace
            WHERE nspname NOT LIKE 'pg\\_%' AND nspname <> 'information_schema'
        ), tables AS (
            SELECT c.oid, n.nspname || '.' || c.relname AS title, u.attnum AS user_id,
                u.attnum IS NOT NULL AS has_user_id, format_type(u.atttypid, u.atttypmod) AS user_type,
                coalesce(u.attnotnull, false) AS user_is_not_null,
                coalesce(u.attnotnull AND u.atttypid = 'uuid'::regtype, false) AS is_owned
            FROM pg_class c JOIN namespaces n ON n.oid = c.relnamespace
            LEFT JOIN pg_attribute u ON u.attrelid = c.oid AND u.attname = 'user_id' AND NOT u.attisdropped
            WHERE c.relkind IN ('r', 'p') AND NOT (n.nspname = 'platform' AND c.relname LIKE 'migration%')
        ), constraints AS (
            SELECT k.*, t.title, t.user_id, t.is_owned
            FROM pg_constraint k JOIN tables t ON t.oid = k.conrelid
        )
        """

    /// Asks every rule of the catalog.
    ///
    /// - Parameter connection: to a migrated database; nothing is changed in it.
    public static func read(_ connection: DatabaseConnection) async throws -> [CatalogOffender] {
        var offenders: [CatalogOffender] = []
        for rule in Rule.all {
            guard case .catalog(let sql) = rule.check else { continue }
            offenders += try await connection.query("\(views) \(sql) ORDER BY 1, 2").many { row in
                CatalogOffender(
                    rule: rule, table: try row.text(0), object: try row.text(1), message: try row.text(2))
            }
        }
        return offenders
    }
}
