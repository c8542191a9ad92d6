/// What PostgreSQL itself says of the namespaces of ours in a migrated database.
public struct Catalog: Sendable {
    public struct Column: Sendable {
        /// From 1; a dropped column leaves a gap.
        public let number: Int
        public let name: String
        /// Quoted where SQL needs it.
        public let sqlName: String
        public let typeOID: UInt32
        public let typeModifier: Int
        /// By its own constraint, or by that of its domain.
        public internal(set) var isNotNull: Bool
        public let comment: String?
        /// A value that an INSERT gets where it names none; not that of a generated column.
        public let hasDefault: Bool
        /// An array of which a CHECK says that no element is NULL: `array_position(tags, NULL) IS NULL`.
        public internal(set) var holdsNoNull = false
    }

    public struct ForeignKey: Sendable {
        public enum DeleteAction: String, Sendable {
            case noAction = "a"
            case restrict = "r"
            case cascade = "c"
            case setNull = "n"
            case setDefault = "d"

            public var sql: String {
                switch self {
                case .noAction: "NO ACTION"
                case .restrict: "RESTRICT"
                case .cascade: "CASCADE"
                case .setNull: "SET NULL"
                case .setDefault: "SET DEFAULT"
                }
            }
        }

        public let name: String
        public let onDelete: DeleteAction
        public let columns: [Int]
        public let table: UInt32
        public let targetColumns: [Int]
    }

    /// A table or a view.
    public struct Table: Sendable {
        public let oid: UInt32
        public let schema: String
        public let name: String
        /// With its namespace, quoted where SQL needs it.
        public let sqlName: String
        public let isView: Bool
        /// A view that reads its tables with the rights of whoever reads it.
        public let isSecurityInvoker: Bool
        public let comment: String?
        public internal(set) var columns: [Column] = []
        public internal(set) var primaryKey: [Int] = []
        public internal(set) var foreignKeys: [ForeignKey] = []

        public var qualifiedName: String { "\(schema).\(name)" }

        public func column(_ number: Int) -> Column? { columns.first { $0.number == number } }
    }

    public struct EnumType: Sendable {
        public let oid: UInt32
        public let schema: String
        public let name: String
        public let labels: [String]
        public let comment: String?
    }

    public struct Function: Sendable {
        public let oid: UInt32
        public let schema: String
        public let name: String
        /// `app.act_as(uuid)`, as GRANT wants it.
        public let signature: String
        public let isVolatile: Bool

        public var qualifiedName: String { "\(schema).\(name)" }
    }

    /// A type as far as a driver must know it.
    public struct TypeName: Sendable {
        public let schema: String
        public let name: String
        /// The element's type, for an array.
        public let element: UInt32?
        /// For a domain: what it is a domain of, which may be another one.
        public let base: (type: UInt32, modifier: Int)?
        /// A domain that holds no NULL.
        public let isNotNull: Bool
        /// `pg_type.typtype`: `b`ase, `c`omposite, `d`omain, `e`num, `p`seudo, `r`ange, `m`ultirange.
        public let kind: String
    }

    public internal(set) var tables: [UInt32: Table] = [:]
    public internal(set) var enums: [UInt32: EnumType] = [:]
    public internal(set) var functions: [UInt32: Function] = [:]
    public internal(set) var types: [UInt32: TypeName] = [:]
    /// The functions that a table's policies, checks and defaults call, in the name of whoever uses the
    /// table.
    public internal(set) var functionsOfTable: [UInt32: Set<UInt32>] = [:]
    /// The analysed query of each view (`pg_rewrite.ev_action`).
    public internal(set) var viewTrees: [UInt32: String] = [:]
    public internal(set) var builtIns = BuiltIns()

    /// By namespace and name, so that everything generated from them has one order.
    public var sortedTables: [Table] {
        tables.values.sorted { ($0.schema, $0.name) < ($1.schema, $1.name) }
    }

    public var sortedEnums: [EnumType] {
        enums.values.sorted { ($0.schema, $0.name) < ($1.schema, $1.name) }
    }
}
