/// Finds the parameters for which a statement has a meaning when they are NULL: those that are put into a
/// column that may be NULL, and those that it asks about itself (IS NULL, COALESCE, IS DISTINCT FROM).
struct ParameterNullability {
    private let nullability: Nullability
    private var found: Set<Int> = []

    /// Their numbers, from 1.
    static func nullable(inBody tree: NodeTree, catalog: Catalog) -> Set<Int> {
        guard let query = tree.outermost("QUERY") else { return [] }
        var search = ParameterNullability(
            nullability: Nullability(catalog: catalog, nullableParameters: []))
        query.forEachNode { search.lookAtQuestion($0, $1) }
        search.walk(query, [])
        return search.found
    }

    private init(nullability: Nullability) { self.nullability = nullability }

    private mutating func lookAtQuestion(_ name: String, _ fields: [String: [NodeTree]]) {
        let asked: [NodeTree]
        switch name {
        case "NULLTEST": asked = fields["arg"] ?? []
        case "COALESCE", "COALESCEEXPR", "DISTINCTEXPR": asked = fields["args"]?.first?.items ?? []
        default: return
        }
        found.formUnion(asked.compactMap(nullability.parameter))
    }

    /// Every command at any depth, with the levels around it: a modifying CTE assigns too.
    private mutating func walk(_ query: NodeTree, _ outer: [QueryLevel]) {
        let level = nullability.level(query)
        let stack = outer + [level]
        for (column, expression) in assignments(of: query) where mayBeNull(column, of: level) {
            trace(expression, stack)
        }
        for expression in query["cteList"]?.items ?? [] {
            if let inner = expression["ctequery"] { walk(inner, stack) }
        }
        for entry in level.entries {
            if let inner = entry["subquery"], inner.name == "QUERY" { walk(inner, stack) }
        }
    }

    /// What INSERT, UPDATE, ON CONFLICT and MERGE put into which column.
    private func assignments(of query: NodeTree) -> [(column: Int, expression: NodeTree)] {
        // CmdType: 2 UPDATE, 3 INSERT.
        func targets(_ list: NodeTree?) -> [(column: Int, expression: NodeTree)] {
            (list?.items ?? []).compactMap { target in
                guard let number = target["resno"]?.number, let expression = target["expr"] else {
                    return nil
                }
                return (number, expression)
            }
        }
        let command = query["commandType"]?.number
        let own = command == 2 || command == 3 ? targets(query["targetList"]) : []
        let actions = query["mergeActionList"]?.items ?? []
        return own + targets(query["onConflict"]?["onConflictSet"])
            + actions.flatMap { targets($0["targetList"]) }
    }

    private func mayBeNull(_ column: Int, of level: QueryLevel) -> Bool {
        guard let number = level.entry(level.resultEntry)?["relid"]?.number,
            let oid = UInt32(exactly: number),
            let found = nullability.catalog.tables[oid]?.column(column)
        else { return false }
        return !found.isNotNull
    }

    /// Follows an assigned value back to the parameters that it may be.
    private mutating func trace(_ expression: NodeTree, _ stack: [QueryLevel]) {
        if let parameter = nullability.parameter(expression) {
            found.insert(parameter)
        } else if expression.name == "CASE" || expression.name == "CASEEXPR" {
            let results = (expression["args"]?.items ?? []).map { $0["result"] } + [expression["defresult"]]
            for result in results { if let result { trace(result, stack) } }
        } else if expression.name == "VAR", let index = expression["varno"]?.number,
            let attribute = expression["varattno"]?.number, let up = expression["varlevelsup"]?.number,
            up < stack.count
        {
            let inner = Array(stack.dropLast(up))
            guard let entry = inner.last?.entry(index) else { return }
            for row in entry["values_lists"]?.items ?? [] where row.items.indices.contains(attribute - 1) {
                trace(row.items[attribute - 1], inner)
            }
            if let query = entry["subquery"], query.name == "QUERY" {
                let level = nullability.level(query)
                let targets = level.targets
                if targets.indices.contains(attribute - 1) { trace(targets[attribute - 1], inner + [level]) }
            }
        }
    }
}
