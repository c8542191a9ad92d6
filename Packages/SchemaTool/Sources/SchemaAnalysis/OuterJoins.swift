/// Finds the result columns that an outer join, or a grouping set, may leave empty although their table says
/// NOT NULL.
///
/// It looks at plain columns only, through subqueries, CTEs and set operations: what PostgreSQL traces back
/// to a table. Every other expression counts as nullable anyway.
struct OuterJoins {
    private struct Level {
        let query: NodeTree
        let entries: [NodeTree]
        /// Range table indexes whose row may be missing.
        let absent: Set<Int>
        let hasGroupingSets: Bool

        init(_ query: NodeTree) {
            self.query = query
            entries = query["rtable"]?.items ?? []
            var absent: Set<Int> = []
            for item in query["jointree"]?["fromlist"]?.items ?? [] { Self.walk(item, false, &absent) }
            self.absent = absent
            hasGroupingSets = !(query["groupingSets"]?.items.isEmpty ?? true)
        }

        func entry(_ index: Int) -> NodeTree? {
            entries.indices.contains(index - 1) ? entries[index - 1] : nil
        }

        /// LEFT empties its right side, RIGHT its left, FULL both; what lies deeper inherits it.
        private static func walk(_ item: NodeTree, _ isAbsent: Bool, _ absent: inout Set<Int>) {
            guard let index = item["rtindex"]?.number else {
                for inner in item["fromlist"]?.items ?? [] { walk(inner, isAbsent, &absent) }
                return
            }
            guard item.name == "JOINEXPR", let left = item["larg"], let right = item["rarg"] else {
                if isAbsent { absent.insert(index) }
                return
            }
            let type = item["jointype"]?.number ?? 0
            walk(left, isAbsent || type == 2 || type == 3, &absent)
            walk(right, isAbsent || type == 1 || type == 2, &absent)
            if isAbsent || type == 2 { absent.insert(index) }
        }
    }

    /// For each column of the result of an analysed function body, whether its row may be missing.
    static func absentColumns(ofBody tree: NodeTree) -> [Bool] {
        tree.outermost("QUERY").map { absentColumns(of: $0, under: []) } ?? []
    }

    private static func absentColumns(of query: NodeTree, under outer: [Level]) -> [Bool] {
        let level = Level(query)
        let stack = outer + [level]
        if let operation = query["setOperations"], operation.name == "SETOPERATIONSTMT" {
            let arms = leaves(operation).compactMap { level.entry($0)?["subquery"] }
                .map { absentColumns(of: $0, under: stack) }
            return (0..<(arms.map(\.count).min() ?? 0)).map { column in arms.contains { $0[column] } }
        }
        let list = query["commandType"]?.number == 1 ? query["targetList"] : query["returningList"]
        return (list?.items ?? []).filter { $0["resjunk"]?.text != "true" }.map { target in
            target["expr"].map { isAbsent($0, stack) } ?? false
        }
    }

    private static func leaves(_ operation: NodeTree) -> [Int] {
        if let index = operation["rtindex"]?.number { return [index] }
        return [operation["larg"], operation["rarg"]].compactMap(\.self).flatMap(leaves)
    }

    private static func isAbsent(_ expression: NodeTree, _ stack: [Level]) -> Bool {
        guard expression.name == "VAR", let index = expression["varno"]?.number,
            let attribute = expression["varattno"]?.number, let up = expression["varlevelsup"]?.number,
            up < stack.count
        else { return false }
        let inner = Array(stack.dropLast(up))
        guard let level = inner.last, let entry = level.entry(index) else { return false }
        if level.absent.contains(index) || (level.hasGroupingSets && up == 0) { return true }
        func column(_ columns: [Bool]) -> Bool {
            columns.indices.contains(attribute - 1) && columns[attribute - 1]
        }
        switch entry["rtekind"]?.number {
        case 1: return entry["subquery"].map { column(absentColumns(of: $0, under: inner)) } ?? false
        case 2:
            let aliases = entry["joinaliasvars"]?.items ?? []
            return aliases.indices.contains(attribute - 1) && isAbsent(aliases[attribute - 1], inner)
        case 6:
            let place = Array(inner.dropLast(entry["ctelevelsup"]?.number ?? 0))
            let expressions = place.last?.query["cteList"]?.items ?? []
            // PostgreSQL traces no column through a recursive one.
            guard
                let found = expressions.first(where: { $0["ctename"]?.text == entry["ctename"]?.text }),
                found["cterecursive"]?.text != "true", let query = found["ctequery"]
            else { return false }
            return column(absentColumns(of: query, under: place))
        default: return false
        }
    }
}
