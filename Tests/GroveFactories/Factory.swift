public import DatabaseClient

/// Makes a valid row of any table with one call, together with the rows that it needs.
///
/// It writes as whoever connected, past the policies where that is the owner. Rows are the same from run to run:
/// what must be unique counts upwards. One factory a database, then.
public actor Factory {
    private let connection: DatabaseConnection
    private let catalog: TableCatalog
    private var rowCounts: [String: Int] = [:]
    private var idCount = 0

    public init(_ connection: DatabaseConnection) async throws {
        self.connection = connection
        catalog = try await TableCatalog.read(connection)
    }

    /// A new row, and new rows that it needs.
    ///
    /// - Parameters:
    ///   - table: with its namespace.
    ///   - overrides: columns by name, as text; nil is NULL. Where a state asks for more, as `status` for its
    ///     timestamps, the definition knows. The key of a parent that stands already is taken as it is.
    ///   - parents: rows that this one belongs to, near or far; what they were made with is shared too.
    @discardableResult
    public func make(
        _ table: String, _ overrides: Values = [:], under parents: [MadeRow] = []
    ) async throws -> MadeRow {
        var graph = parents.flatMap { [$0] + $0.graph }
        return try await make(table, overrides, &graph)
    }

    /// The columns of a row as ``make(_:_:under:)`` would insert it: its parents stand, itself does not.
    public func draft(
        _ table: String, _ overrides: Values = [:], under parents: [MadeRow] = []
    ) async throws -> Values {
        var graph = parents.flatMap { [$0] + $0.graph }
        return try await resolve(table, overrides, &graph)
    }

    /// Puts in the columns as they are.
    public func insert(_ values: Values, into table: String) async throws {
        _ = try await insert(values, into: table, graph: [])
    }

    /// A row of every table, as far as they have one the same user's and of the same portfolio.
    /// - Parameter overrides: by table.
    public func makeEveryTable(_ overrides: [String: Values] = [:]) async throws -> [String: MadeRow] {
        var graph: [MadeRow] = []
        for table in overrides.keys.sorted() + catalog.tables.keys.sorted()
        where !graph.contains(where: { $0.table == table }) {
            _ = try await make(table, overrides[table] ?? [:], &graph)
        }
        return Dictionary(graph.map { ($0.table, $0) }) { first, _ in first }
    }

    // MARK: - One row

    private func make(
        _ table: String, _ overrides: Values, _ graph: inout [MadeRow]
    ) async throws -> MadeRow {
        let values = try await resolve(table, overrides, &graph)
        let row = try await insert(values, into: table, graph: graph)
        graph.append(row)
        return row
    }

    private func insert(
        _ values: Values, into table: String, graph: [MadeRow]
    ) async throws -> MadeRow {
        let columns = values.keys.sorted()
        let names = columns.map { "\"\($0)\"" }.joined(separator: ", ")
        let literals = columns.map { Self.literal(values[$0] ?? nil) }.joined(separator: ", ")
        let sql =
            "INSERT INTO \(table) (\(names)) VALUES (\(literals)) RETURNING \(try everyColumn(of: table))"
        let result = try await connection.query(sql)
        return try result.one { try self.row($0, of: table, graph: graph) }
    }

    /// Every column of the row but those that may stay as they are.
    private func resolve(
        _ table: String, _ overrides: Values, _ graph: inout [MadeRow]
    ) async throws -> Values {
        let shape = try shape(of: table)
        guard let definition = Definition.all[table] else {
            throw FactoryError(table: table, words: "it has no definition")
        }
        let number = rowCounts[table, default: 0] + 1
        rowCounts[table] = number
        var values = definition.values(overriddenBy: overrides)
        for column in shape.columns where !values.keys.contains(column.name) && column.isRequired {
            if let value = Self.meaningEverywhere[column.name] { values[column.name] = value }
        }
        values = values.mapValues { $0.map { Placeholder.fill($0, number: number) } }
        // What is under a user is that user's, whatever else is said.
        for key in shape.foreignKeys where key.columns == ["user_id"] && !values.keys.contains("user_id") {
            if let user = graph.first(where: { $0.table == key.parent }) { values["user_id"] = user["id"] }
        }
        for key in shape.foreignKeys where key.columns.contains(where: overrides.keys.contains) {
            try await settle(key, of: shape, &values, &graph, onlyKnown: true)
        }
        try await fillFromOthers(&values, &graph)
        fillFromOwn(&values)
        for key in shape.foreignKeys { try await settle(key, of: shape, &values, &graph, onlyKnown: false) }
        fillFromOwn(&values)
        for column in shape.columns where column.isRequired && !column.hasDefault && !column.isGenerated {
            if values.keys.contains(column.name) { continue }
            guard column.type == "uuid" else {
                throw FactoryError(table: table, words: "its definition lacks \(column.name)")
            }
            values[column.name] = freshID()
        }
        return values
    }

    // MARK: - Parents

    /// Gives the columns of a foreign key the values of a parent: one of the graph, one that stands, or a new one.
    private func settle(
        _ key: TableCatalog.ForeignKey, of shape: TableCatalog.Table, _ values: inout Values,
        _ graph: inout [MadeRow], onlyKnown: Bool
    ) async throws {
        var known: Values = [:]
        for (column, parentColumn) in zip(key.columns, key.parentColumns) {
            if let value = values[column] {
                // NULL in one column: PostgreSQL looks at none of them.
                guard let value else { return }
                if Placeholder.names(in: value).isEmpty { known[parentColumn] = value }
            } else if shape.column(column)?.isRequired != true {
                return
            }
        }
        let isKnown = known.count == key.columns.count
        if onlyKnown && !isKnown { return }
        let parent: MadeRow
        if let candidate = graph.first(where: { $0.table == key.parent && $0.agrees(with: known) }) {
            parent = candidate
        } else if isKnown, let standing = try await find(key.parent, known) {
            graph.append(standing)
            parent = standing
        } else {
            parent = try await make(key.parent, known, &graph)
        }
        for (column, parentColumn) in zip(key.columns, key.parentColumns) where known[parentColumn] == nil {
            values[column] = parent[parentColumn]
        }
    }

    private func find(_ table: String, _ known: Values) async throws -> MadeRow? {
        let condition = known.sorted { $0.key < $1.key }
            .map { "\"\($0.key)\" = \(Self.literal($0.value))" }.joined(separator: " AND ")
        let result = try await connection.query(
            "SELECT \(try everyColumn(of: table)) FROM \(table) WHERE \(condition)")
        return try result.optional { try self.row($0, of: table, graph: []) }
    }

    /// Placeholders that name a column of another table.
    private func fillFromOthers(_ values: inout Values, _ graph: inout [MadeRow]) async throws {
        for (column, value) in values.sorted(by: { $0.key < $1.key }) {
            guard var value else { continue }
            for name in Placeholder.names(in: value) {
                let words = name.split(separator: ".").map(String.init)
                guard words.count == 3 else { continue }
                let table = "\(words[0]).\(words[1])"
                var known: Values = [:]
                if try shape(of: table).column("user_id") != nil, let user = values["user_id"] {
                    known["user_id"] = user
                }
                let row: MadeRow
                if let standing = graph.first(where: { $0.table == table && $0.agrees(with: known) }) {
                    row = standing
                } else {
                    row = try await make(table, known, &graph)
                }
                value = value.replacing("<\(name)>", with: row[words[2]] ?? "")
            }
            values[column] = value
        }
    }

    /// Placeholders that name another column, as soon as that one has its value.
    private func fillFromOwn(_ values: inout Values) {
        for (column, value) in values {
            guard let value else { continue }
            let filled = Placeholder.names(in: value).reduce(value) { filled, name in
                guard let own = values[name] ?? nil, Placeholder.names(in: own).isEmpty else { return filled }
                return filled.replacing("<\(name)>", with: own)
            }
            values[column] = filled
        }
    }

    // MARK: - SQL

    private func shape(of table: String) throws -> TableCatalog.Table {
        guard let shape = catalog.tables[table] else {
            throw FactoryError(table: table, words: "there is no such table")
        }
        return shape
    }

    private func everyColumn(of table: String) throws -> String {
        try shape(of: table).columns.map { "\"\($0.name)\"::text" }.joined(separator: ", ")
    }

    private func row(_ row: Row, of table: String, graph: [MadeRow]) throws -> MadeRow {
        var values: Values = [:]
        for (index, column) in try shape(of: table).columns.enumerated() {
            values[column.name] = .some(row.isNull(index) ? nil : try row.text(index))
        }
        return MadeRow(table: table, values: values, graph: graph)
    }

    /// A literal without a type: PostgreSQL reads it as the column's.
    private static func literal(_ value: String?) -> String {
        value.map { "'\($0.replacing("'", with: "''"))'" } ?? "NULL"
    }

    /// A version 7 UUID of nine o'clock, and of its place in the row of ids.
    private func freshID() -> String {
        idCount += 1
        let hex = String(idCount, radix: 16)
        return "019b8d62-7a80-7000-8000-" + String(repeating: "0", count: 12 - hex.count) + hex
    }

    /// Columns that mean the same in every table.
    private static let meaningEverywhere = [
        "created_at": nine, "updated_at": nine, "revision": "1", "currency": "USD",
    ]
}

extension MadeRow {
    fileprivate func agrees(with known: Values) -> Bool {
        known.allSatisfy { $0.value == self[$0.key] }
    }
}

extension Factory {
    /// The tables of which it knows what the catalog cannot.
    public static var definedTables: Set<String> { Set(Definition.all.keys) }
}
