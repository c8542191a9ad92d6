import CLibPQ

/// What a statement takes and gives, as PostgreSQL describes it.
public struct StatementDescription: Sendable {
    public struct Column: Sendable {
        public let name: String
        /// The table's object identifier, or 0 for an expression.
        public let tableOID: UInt32
        /// The column's number in its table, from 1, or 0.
        public let columnNumber: Int
        public let typeOID: UInt32
        public let typeModifier: Int
    }

    public let parameterTypes: [UInt32]
    public let columns: [Column]
}

// For migrations, tools and tests; programs run generated statements on a ``Database``.
extension DatabaseConnection {
    /// Runs a text of many statements by the simple protocol, as psql would: without a BEGIN of its own it is
    /// one implicit transaction.
    public func script(_ sql: String) async throws {
        _ = try await perform([.script(sql)], access: .write)
    }

    /// Runs one statement that is neither named nor kept; results are binary.
    @discardableResult
    public func query(_ sql: String, _ parameters: Parameters = Parameters()) async throws -> QueryResult {
        try await perform([.unnamed(sql, parameters)], access: .write).last.unwrap(sql)
    }

    /// Asks for a statement's types without running it.
    public func describe(_ sql: String) async throws -> StatementDescription {
        let result = try await perform([.describe(sql)], access: .read).last.unwrap(sql)
        let raw = result.raw
        return StatementDescription(
            parameterTypes: (0..<PQnparams(raw)).map { PQparamtype(raw, $0) },
            columns: (0..<PQnfields(raw)).map { column in
                StatementDescription.Column(
                    name: result.columnName(Int(column)), tableOID: PQftable(raw, column),
                    columnNumber: Int(PQftablecol(raw, column)), typeOID: PQftype(raw, column),
                    typeModifier: Int(PQfmod(raw, column)))
            })
    }
}

extension QueryResult? {
    /// A flight that succeeded has a result for each command; anything else is a broken connection.
    func unwrap(_ statement: String) throws -> QueryResult {
        guard let self else { throw DatabaseError.unavailable("no result for \(statement)") }
        return self
    }
}
