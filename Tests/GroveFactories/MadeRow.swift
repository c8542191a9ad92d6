public import Foundation

/// Columns and their values as text; nil is NULL.
public typealias Values = [String: String?]

/// A row that a ``Factory`` has put into its table, as PostgreSQL gave it back.
public struct MadeRow: Sendable {
    /// With its namespace, as `loans.loans`.
    public let table: String
    public let values: Values
    /// The rows that it was made with: those that it needs, and what they need.
    let graph: [MadeRow]

    /// A column's value as text; nil where it is NULL or there is no such column.
    public subscript(column: String) -> String? { values[column] ?? nil }

    /// A column that is a uuid; throws where it is none.
    public func uuid(_ column: String = "id") throws -> UUID {
        guard let uuid = self[column].flatMap(UUID.init(uuidString:)) else {
            throw FactoryError(table: table, words: "column \(column) holds no uuid")
        }
        return uuid
    }

    /// The row of another table that this one was made with, as the loan of a payment.
    public func made(_ table: String) throws -> MadeRow {
        guard let row = graph.first(where: { $0.table == table }) else {
            throw FactoryError(table: self.table, words: "nothing of \(table) was made with it")
        }
        return row
    }
}

/// A definition that cannot make a row.
public struct FactoryError: Error, CustomStringConvertible {
    public let table: String
    let words: String

    public var description: String { "\(table): \(words)" }
}
