/// What a statement needs to be allowed to do, read from PostgreSQL's analysed tree.
public struct StatementRights: Sendable, Hashable {
    public enum Verb: String, Sendable, Comparable, CaseIterable {
        case select = "SELECT"
        case insert = "INSERT"
        case update = "UPDATE"
        case delete = "DELETE"

        public static func < (left: Verb, right: Verb) -> Bool { left.rawValue < right.rawValue }
    }

    /// A verb on a table: on some columns, or on the whole where PostgreSQL knows no finer right.
    public struct Use: Sendable, Hashable {
        public let table: UInt32
        public let verb: Verb
    }

    /// Column numbers of each use; an empty set means the whole table.
    public internal(set) var columns: [Use: Set<Int>] = [:]
    /// Tables whose rows it locks, which wants UPDATE on one column, whichever.
    public internal(set) var lockedTables: Set<UInt32> = []
    /// Tables that it reads without naming a column, as `count(*)` does; one column is enough.
    public internal(set) var countedTables: Set<UInt32> = []
    public internal(set) var functions: Set<UInt32> = []
    /// False for a SELECT that neither locks nor changes rows; what functions do is not looked at.
    public internal(set) var changesRows = false

    /// The tables and views that it names itself or through a view that reads with the caller's rights.
    public var tables: Set<UInt32> { Set(columns.keys.map(\.table)).union(lockedTables).union(countedTables) }
}

extension StatementRights {
    mutating func formUnion(_ other: StatementRights) {
        columns.merge(other.columns) { $0.union($1) }
        lockedTables.formUnion(other.lockedTables)
        countedTables.formUnion(other.countedTables)
        functions.formUnion(other.functions)
        changesRows = changesRows || other.changesRows
    }

    /// Version 15 has the fields in each entry of the range table, version 16 in a list of the query of its
    /// own: requiredPerms 1 insert, 2 select, 4 update, 8 delete, and bit sets where member n is attribute
    /// n − 7.
    private static let firstAttribute = 7

    init(insertingInto table: Catalog.Table, columns numbers: Set<Int>, catalog: Catalog) {
        changesRows = true
        add(.insert, table.oid, numbers.union(table.defaults))
        functions = catalog.functionsOfTable[table.oid] ?? []
    }

    init(of tree: NodeTree, catalog: Catalog) throws(NodeTree.Malformed) {
        collect(tree, catalog)
        // Views grow the list while it is read.
        var asked: Set<UInt32> = []
        while let view = tables.first(where: { table in
            catalog.tables[table].map { $0.isView && $0.isSecurityInvoker } ?? false && !asked.contains(table)
        }) {
            asked.insert(view)
            if let text = catalog.viewTrees[view] { collect(try NodeTree(parsing: text), catalog) }
        }
        for table in tables { functions.formUnion(catalog.functionsOfTable[table] ?? []) }
    }

    private mutating func collect(_ tree: NodeTree, _ catalog: Catalog) {
        tree.forEachNode { name, fields in
            collect(permissions: fields, catalog)
            if name == "QUERY", fields["commandType"]?.first?.number != 1 { changesRows = true }
            for field in ["funcid", "opfuncid", "aggfnoid", "winfnoid"] {
                guard let number = fields[field]?.first?.number, let oid = UInt32(exactly: number) else {
                    continue
                }
                if catalog.functions[oid] != nil { functions.insert(oid) }
            }
        }
    }

    private mutating func collect(permissions fields: [String: [NodeTree]], _ catalog: Catalog) {
        guard let required = fields["requiredPerms"]?.first?.number, required != 0,
            let number = fields["relid"]?.first?.number,
            let oid = UInt32(exactly: number), let table = catalog.tables[oid]
        else { return }
        func members(_ field: String) -> Set<Int> {
            let numbers = (fields[field]?.first?.numbers ?? []).map { $0 - Self.firstAttribute }
            // Attribute 0 is the whole row.
            return Set(numbers.contains(0) ? table.columns.map(\.number) : numbers)
        }
        if required & 2 != 0 {
            let selected = members("selectedCols")
            if selected.isEmpty { countedTables.insert(oid) } else { add(.select, oid, selected) }
        }
        if required & 1 != 0 { add(.insert, oid, members("insertedCols").union(table.defaults)) }
        if required & 4 != 0 {
            let updated = members("updatedCols")
            if updated.isEmpty { lockedTables.insert(oid) } else { add(.update, oid, updated) }
            changesRows = true
        }
        if required & 8 != 0 { columns[Use(table: oid, verb: .delete)] = [] }
    }

    private mutating func add(_ verb: Verb, _ table: UInt32, _ numbers: Set<Int>) {
        columns[Use(table: table, verb: verb), default: []].formUnion(numbers)
    }
}

extension Catalog.Table {
    /// The columns that an INSERT fills whether it names them or not. PostgreSQL asks for no right on those that it does
    /// not name; Citus names them all before the nodes ask.
    fileprivate var defaults: Set<Int> { Set(columns.filter(\.hasDefault).map(\.number)) }
}
