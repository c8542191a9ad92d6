import DatabaseClient
import GroveFactories

/// How many rows each table has, and a digest of them.
struct TableContents: Equatable, Sendable {
    struct Entry: Equatable, Sendable {
        let count: Int
        /// The same where the rows are the same, in whatever order.
        let digest: String
    }

    let entries: [String: Entry]

    /// - Parameter column: and a value: only the rows that have it, of the tables that have the column.
    static func read(
        _ connection: DatabaseConnection, where column: String? = nil, is value: String = ""
    ) async throws -> TableContents {
        let tables = try await TableCatalog.read(connection).tables.values
        var entries: [String: Entry] = [:]
        for table in tables {
            if let column, table.column(column) == nil { continue }
            let condition = column.map { "WHERE t.\($0) = '\(value)'" } ?? ""
            entries[table.name] = try await connection.query(
                """
                SELECT count(*), coalesce(sum(hashtextextended(t::text, 0)), 0)::text FROM \(table.name) t \(condition)
                """
            ).one { Entry(count: try $0.int(0), digest: try $0.text(1)) }
        }
        return TableContents(entries: entries)
    }

    /// The tables that have any of these rows.
    var filled: Set<String> { Set(entries.filter { $0.value.count > 0 }.keys) }

    /// The tables, of both, that are not the same.
    func changed(since before: TableContents) -> Set<String> {
        Set(entries.keys.filter { name in before.entries[name].map { $0 != entries[name] } ?? false })
    }
}
