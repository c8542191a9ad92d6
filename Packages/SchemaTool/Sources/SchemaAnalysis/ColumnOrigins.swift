/// Finds the columns of tables that a column of a result comes from: one, or one for each arm of a UNION or
/// argument of COALESCE. PostgreSQL names an origin itself, but stops at views and at these.
struct ColumnOrigins {
    struct Origin: Hashable {
        let table: UInt32
        let column: Int
    }

    let catalog: Catalog

    /// For each column of the result of an analysed function body; nothing where an expression gives it.
    func origins(inBody tree: NodeTree) -> [[Origin]] {
        guard let query = tree.outermost("QUERY") else { return [] }
        let level = level(query)
        return level.targets.indices.map { origins(column: $0, of: level, under: []) }
    }

    private func level(_ query: NodeTree) -> QueryLevel { QueryLevel(query) { _ in false } }

    private func origins(column: Int, of level: QueryLevel, under outer: [QueryLevel]) -> [Origin] {
        let stack = outer + [level]
        if let operation = level.query["setOperations"], operation.name == "SETOPERATIONSTMT" {
            let arms = operation.setOperationLeaves.map { index in
                level.entry(index)?["subquery"].map {
                    origins(column: column, of: self.level($0), under: stack)
                } ?? []
            }
            return arms.allSatisfy { !$0.isEmpty } ? arms.flatMap(\.self) : []
        }
        let targets = level.targets
        return targets.indices.contains(column) ? origins(targets[column], stack) : []
    }

    private func origins(_ expression: NodeTree, _ stack: [QueryLevel]) -> [Origin] {
        if expression.name == "COALESCE" || expression.name == "COALESCEEXPR" {
            let arguments = (expression["args"]?.items ?? []).map { origins($0, stack) }
            return arguments.allSatisfy { !$0.isEmpty } ? arguments.flatMap(\.self) : []
        }
        guard expression.name == "VAR", let index = expression["varno"]?.number,
            let attribute = expression["varattno"]?.number, attribute > 0,
            let up = expression["varlevelsup"]?.number, up < stack.count
        else { return [] }
        let inner = Array(stack.dropLast(up))
        guard let level = inner.last, let entry = level.entry(index) else { return [] }
        switch entry["rtekind"]?.number {
        case 0: return origins(attribute: attribute, ofRelation: entry)
        case 1:
            guard let query = entry["subquery"] else { return [] }
            return origins(column: attribute - 1, of: self.level(query), under: inner)
        case 2: return level.joinAlias(index, attribute).map { origins($0, inner) } ?? []
        case 6:
            let place = Array(inner.dropLast(entry["ctelevelsup"]?.number ?? 0))
            guard let query = place.last?.query.commonTable(named: entry["ctename"]) else { return [] }
            return origins(column: attribute - 1, of: self.level(query), under: place)
        default: return []
        }
    }

    private func origins(attribute: Int, ofRelation entry: NodeTree) -> [Origin] {
        guard let number = entry["relid"]?.number, let oid = UInt32(exactly: number) else { return [] }
        guard let text = catalog.viewTrees[oid] else { return [Origin(table: oid, column: attribute)] }
        guard let tree = try? NodeTree(parsing: text), let query = tree.outermost("QUERY") else { return [] }
        return origins(column: attribute - 1, of: level(query), under: [])
    }
}
