/// Which columns carry which key: a column that is a table's own key, or leads to one by a foreign key.
public struct KeyTypes: Sendable {
    /// An entity of SharedTypes: a table whose primary key is `(id)` or `(user_id, id)`, `id` being a uuid.
    public struct Entity: Sendable {
        /// `Portfolio`
        public let name: String
        public let table: Catalog.Table
    }

    private struct Place: Hashable {
        let table: UInt32
        let column: Int
    }

    /// By name.
    public let entities: [Entity]
    private let entityOfColumn: [Place: String]
    private let catalog: Catalog

    public init(_ catalog: Catalog) {
        self.catalog = catalog
        let owners = catalog.sortedTables.filter { table in
            let key = table.primaryKey.compactMap { table.column($0)?.name }
            guard key == ["id"] || key == ["user_id", "id"], !table.isView else { return false }
            return table.columns.first { $0.name == "id" }.map { catalog.types[$0.typeOID]?.name == "uuid" }
                ?? false
        }
        let nouns = Dictionary(grouping: owners) { Naming.singular($0.name) }
        entities = owners.map { table in
            let noun = Naming.singular(table.name)
            if let name = TypeInference.annotation(table.comment) { return Entity(name: name, table: table) }
            // Two namespaces may have a noun in common; then each is named with its own.
            let isAlone = nouns[noun]?.count == 1
            return Entity(name: Naming.type(isAlone ? noun : "\(table.schema)_\(noun)"), table: table)
        }.sorted { $0.name < $1.name }
        entityOfColumn = Self.follow(entities, catalog)
    }

    /// Starts at the own keys and goes along foreign keys until nothing new is found.
    private static func follow(_ entities: [Entity], _ catalog: Catalog) -> [Place: String] {
        var known: [Place: String] = [:]
        for entity in entities {
            for column in entity.table.columns where column.name == "id" {
                known[Place(table: entity.table.oid, column: column.number)] = entity.name
            }
        }
        var grew = true
        while grew {
            grew = false
            for table in catalog.sortedTables {
                for key in table.foreignKeys {
                    for (column, target) in zip(key.columns, key.targetColumns) {
                        let place = Place(table: table.oid, column: column)
                        guard known[place] == nil, let entity = known[Place(table: key.table, column: target)]
                        else { continue }
                        known[place] = entity
                        grew = true
                    }
                }
            }
        }
        return known
    }

    /// The entity whose key this column holds.
    public func entity(table: UInt32, column: Int) -> String? {
        entityOfColumn[Place(table: table, column: column)]
    }

    /// The entity that a parameter or an expression of this name means: `portfolio_id`, or a key column's
    /// name. The module's own namespaces are asked first; a name that means several things means none.
    public func entity(named name: String, in namespaces: Set<String>) -> String? {
        let own = candidates(named: name) { namespaces.contains($0.schema) }
        if !own.isEmpty { return own.count == 1 ? own.first : nil }
        let all = candidates(named: name) { _ in true }
        return all.count == 1 ? all.first : nil
    }

    private func candidates(named name: String, _ isAsked: (Catalog.Table) -> Bool) -> Set<String> {
        let nouns = entities.filter { isAsked($0.table) && "\(Naming.singular($0.table.name))_id" == name }
        if !nouns.isEmpty { return Set(nouns.map(\.name)) }
        guard name != "id" else { return [] }
        var found: Set<String> = []
        for table in catalog.tables.values where isAsked(table) {
            for column in table.columns where column.name == name {
                if let entity = entity(table: table.oid, column: column.number) { found.insert(entity) }
            }
        }
        return found
    }
}
