import DatabaseClient
import Foundation
import GroveFactories
import GroveTesting

/// Fills every table with many rows that resemble the one that stands, most of them the same user's.
///
/// Row n repeats the row but for what must be unique, which counts with n. A foreign key leads either to the row that
/// stands or to row n of its table, by a bit of n that differs from a table to those that refer to it. So some parents have
/// many children and many have one, on every level. Foreign keys are not checked, CHECKs are.
struct RowMultiplier {
    private struct Table {
        let shape: TableCatalog.Table
        let row: MadeRow
        let uniqueKeys: [UniqueKey]
        let depth: Int
    }

    private struct UniqueKey {
        let columns: Set<String>
        let isNullDistinct: Bool
    }

    let count: Int
    private let tables: [Table]

    init(_ rows: [String: MadeRow], count: Int, _ connection: DatabaseConnection) async throws {
        self.count = count
        let catalog = try await TableCatalog.read(connection).tables
        let keys = try await connection.query(Self.uniqueKeys).many {
            (
                table: try $0.text(0),
                key: UniqueKey(columns: Set(try $0.array(1, of: .text)), isNullDistinct: try $0.bool(2))
            )
        }
        let keysByTable = Dictionary(grouping: keys, by: \.table).mapValues { $0.map(\.key) }
        tables = catalog.values.filter { !Self.few.contains($0.name) }.sorted { $0.name < $1.name }.compactMap
        { shape in
            rows[shape.name].map {
                Table(
                    shape: shape, row: $0, uniqueKeys: keysByTable[shape.name] ?? [],
                    depth: Self.depth(of: shape.name, catalog, above: []))
            }
        }
    }

    /// Fills them, and gives the tables that would not be filled, with the reason.
    func fill(_ connection: DatabaseConnection) async throws -> [String: String] {
        var refused: [String: String] = [:]
        try await connection.script("SET session_replication_role = replica")
        for table in tables {
            do {
                try await connection.script(
                    "ALTER TABLE \(table.shape.name) SET (autovacuum_enabled = false)")
                try await connection.script(insertion(into: table))
            } catch let error as DatabaseError {
                refused[table.shape.name] = "\(error)"
            }
        }
        try await connection.script("SET session_replication_role = origin")
        return refused
    }

    private func insertion(into table: Table) -> String {
        let columns = table.shape.columns.filter {
            !$0.isGenerated && table.row[$0.name] != nil && !Self.unset.contains($0.name)
        }
        let varied = varied(in: table)
        let references = Set(
            table.shape.foreignKeys.filter { $0.parent != "users.users" }.flatMap(\.columns)
        ).subtracting(["user_id"])
        let expressions = columns.map { column in
            let literal = "'\((table.row[column.name] ?? "").replacing("'", with: "''"))'::\(column.type)"
            if varied.contains(column.name) { return Self.shifted(literal, column.type) }
            guard references.contains(column.name), column.type == "uuid", !Self.fixed.contains(column.name)
            else {
                return literal
            }
            let bit = table.depth % 4
            return
                "CASE WHEN (n >> \(bit)) & 1 = 0 THEN \(Self.shifted(literal, column.type)) ELSE \(literal) END"
        }
        return """
            INSERT INTO \(table.shape.name) (\(columns.map { "\"\($0.name)\"" }.joined(separator: ", ")))
            SELECT \(expressions.joined(separator: ", ")) FROM generate_series(1, \(count)) n
            """
    }

    /// The columns that differ in every row, so that every unique key does: what refers to nothing before what refers to
    /// something, and the user last of all.
    private func varied(in table: Table) -> Set<String> {
        let references = Set(table.shape.foreignKeys.flatMap(\.columns))
        var varied: Set<String> = []
        for key in table.uniqueKeys where varied.isDisjoint(with: key.columns) {
            let hasNull = key.columns.contains { table.row[$0] == nil || Self.unset.contains($0) }
            if hasNull && key.isNullDistinct { continue }
            let candidates = table.shape.columns.filter { column in
                key.columns.contains(column.name) && table.row[column.name] != nil
                    && Self.order(column.type) != nil
                    && !Self.fixed.contains(column.name) && !Self.unset.contains(column.name)
            }
            let best = candidates.min { left, right in
                func rank(_ column: TableCatalog.Column) -> (Int, Int, Int) {
                    (
                        column.name == "user_id" ? 1 : 0, references.contains(column.name) ? 1 : 0,
                        Self.order(column.type) ?? 0
                    )
                }
                return rank(left) < rank(right)
            }
            if let best { varied.insert(best.name) }
        }
        return varied
    }

    /// What has few values, by a CHECK; and what NULL lets be unique.
    private static let fixed: Set<String> = [
        "collateral_portfolio_id", "currency", "generation", "horizon_days", "open_collateral_id", "period",
        "tier",
    ]
    private static let unset: Set<String> = ["wallet_address"]

    /// What has few rows however large a database is.
    private static let few: Set<String> = [
        "market.ingest_checkpoints", "platform.consumers", "platform.event_epochs", "platform.migrations",
        "platform.payload_readers",
    ]

    private static func order(_ type: String) -> Int? {
        ["uuid", "bytea", "timestamp with time zone", "date", "text", "bigint", "integer"].firstIndex(
            of: type)
    }

    private static func shifted(_ literal: String, _ type: String) -> String {
        switch type {
        case "uuid": "overlay((\(literal))::text PLACING lpad(to_hex(n), 8, '0') FROM 1 FOR 8)::uuid"
        case "bytea": "sha256(convert_to(n || (\(literal))::text, 'UTF8'))"
        case "timestamp with time zone": "\(literal) + n * interval '1 minute'"
        case "text": "\(literal) || 10000 + n"
        // Past what other rows have that stand.
        default: "\(literal) + 10000 + n"
        }
    }

    private static func depth(
        of table: String, _ catalog: [String: TableCatalog.Table], above: Set<String>
    ) -> Int {
        let parents = Set(catalog[table]?.foreignKeys.map(\.parent) ?? [])
            .subtracting(above.union([table, "users.users"]))
        return parents.map { 1 + depth(of: $0, catalog, above: above.union([table])) }.max() ?? 0
    }

    /// The columns of each unique index, those of its expressions too.
    private static let uniqueKeys = """
        SELECT format('%s.%s', n.nspname, c.relname), ARRAY(
            SELECT a.attname::text FROM pg_attribute a
            WHERE a.attrelid = i.indrelid AND (
                a.attnum = ANY (i.indkey) OR i.indexprs IS NOT NULL AND a.attnum IN (
                    SELECT d.refobjsubid FROM pg_depend d
                    WHERE d.classid = 'pg_class'::regclass AND d.objid = i.indexrelid
                        AND d.refobjid = i.indrelid AND d.refobjsubid > 0))), NOT i.indnullsnotdistinct
        FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE i.indisunique AND n.nspname !~ '^pg_'
        ORDER BY 1, i.indisprimary DESC, i.indexrelid
        """
}
