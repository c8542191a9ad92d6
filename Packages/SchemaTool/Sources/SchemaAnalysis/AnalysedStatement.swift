/// A statement that PostgreSQL has accepted, with the Swift types of what it takes and gives.
public struct AnalysedStatement: Sendable {
    public struct Parameter: Sendable, Hashable {
        /// In SQL.
        public let name: String
        public let type: SwiftType
        public let isNullable: Bool
    }

    public struct Column: Sendable, Hashable {
        /// In SQL, without the `!` or `?` of its alias.
        public let name: String
        public let type: SwiftType
        public let isNullable: Bool
        /// From the COMMENT of the column that it comes from.
        public let documentation: String?
    }

    /// Columns that are a struct of their own within the row: what a join found, or nil where it found nothing.
    public struct Nest: Sendable, Hashable {
        /// In SQL: its columns begin with it and an underscore.
        public let name: String
        /// From 0.
        public let columns: [Int]
        /// The column that is NULL exactly where the join found no row; nil where it always finds one.
        public let key: Int?
    }

    /// Rows that the caller hands over in one array of structs. They travel as an array for each field, all of one length.
    public struct RowInput: Sendable, Hashable {
        /// The struct.
        public let name: String
        public let fields: [Column]
        /// The parameter of each field, from 0.
        public let parameters: [Int]
    }

    /// What a row of the result is in Swift.
    public enum Shape: Sendable, Hashable {
        case nothing
        /// One column: the value itself.
        case value
        /// A struct of this name.
        case row(String)
        /// All columns of one table, in order: the table's own struct of this name.
        case tableRow(String, table: String)
    }

    public let query: QueryStatement
    public let parameters: [Parameter]
    public let rowInput: RowInput?
    public let columns: [Column]
    public let nests: [Nest]
    public let shape: Shape
    /// False for a plain SELECT that locks nothing and calls none of our volatile functions.
    public let isWrite: Bool
    /// Nothing where the tree of the server's version is not known.
    public let rights: StatementRights?
    /// What a Citus cluster would refuse it for, in words.
    public internal(set) var clusterFaults: [String] = []
}
