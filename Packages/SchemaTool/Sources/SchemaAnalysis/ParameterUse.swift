/// What a statement does with its parameters: into which columns their values go, whether nil would have a meaning, and
/// which arrays it takes apart side by side.
///
/// nil has a meaning where the value goes into a column that may be NULL, or where the statement asks about it itself (IS
/// NULL, COALESCE, IS DISTINCT FROM). Of an array that `unnest` takes apart, the same holds for each element.
struct ParameterUse {
    struct Column: Hashable {
        let table: UInt32
        /// From 1.
        let number: Int
    }

    /// Arrays that one `unnest` takes apart, each a column of its rows.
    struct Rows {
        /// The name of each column, in SQL, and its parameter, from 1.
        let columns: [(name: String, parameter: Int)]
    }

    /// The numbers of those that may be nil, from 1.
    private(set) var nullable: Set<Int> = []
    /// The numbers of the arrays whose elements may be nil.
    private(set) var nullableElements: Set<Int> = []
    /// Where the elements of arrays go.
    private(set) var columnsOfElements: [Int: Set<Column>] = [:]
    private(set) var rows: [Rows] = []
    private let nullability: Nullability

    init(inBody tree: NodeTree, catalog: Catalog) {
        nullability = Nullability(catalog: catalog, nullableParameters: [])
        guard let query = tree.outermost("QUERY") else { return }
        findQuestions(in: query, [])
        walk(query, [])
    }

    // MARK: Questions

    private mutating func findQuestions(in node: NodeTree, _ outer: [QueryLevel]) {
        switch node {
        case .node(let name, let fields):
            let stack = name == "QUERY" ? outer + [nullability.level(node)] : outer
            for asked in Self.asked(name, fields) {
                if let parameter = nullability.parameter(asked) { nullable.insert(parameter) }
                for source in sources(of: asked, stack) where source.isElement {
                    nullableElements.insert(source.parameter)
                }
            }
            for value in fields.values.joined() { findQuestions(in: value, stack) }
        case .list(let items): for item in items { findQuestions(in: item, outer) }
        case .atom, .null: break
        }
    }

    private static func asked(_ name: String, _ fields: [String: [NodeTree]]) -> [NodeTree] {
        switch name {
        case "NULLTEST": fields["arg"] ?? []
        case "COALESCE", "COALESCEEXPR", "DISTINCTEXPR": fields["args"]?.first?.items ?? []
        default: []
        }
    }

    // MARK: Assignments

    /// Every command at any depth, with the levels around it: a modifying CTE assigns too.
    private mutating func walk(_ query: NodeTree, _ outer: [QueryLevel]) {
        let level = nullability.level(query)
        let stack = outer + [level]
        for (number, expression) in assignments(of: query) {
            guard let table = table(of: level), let column = table.column(number) else { continue }
            for source in sources(of: expression, stack) {
                if source.isElement {
                    columnsOfElements[source.parameter, default: []].insert(
                        Column(table: table.oid, number: number))
                }
                guard !column.isNotNull else { continue }
                if source.isElement {
                    nullableElements.insert(source.parameter)
                } else {
                    nullable.insert(source.parameter)
                }
            }
        }
        for entry in level.entries {
            if let found = unnestedRows(entry) { rows.append(found) }
            if let inner = entry["subquery"], inner.name == "QUERY" { walk(inner, stack) }
        }
        for expression in query["cteList"]?.items ?? [] {
            if let inner = expression["ctequery"] { walk(inner, stack) }
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

    private func table(of level: QueryLevel) -> Catalog.Table? {
        level.entry(level.resultEntry)?["relid"]?.number.flatMap(UInt32.init(exactly:)).flatMap {
            nullability.catalog.tables[$0]
        }
    }

    // MARK: Where a value comes from

    private struct Source {
        let parameter: Int
        /// One of the array's elements, not the parameter itself.
        let isElement: Bool
    }

    /// The parameters that an expression may be the value of, or an element's.
    private func sources(of expression: NodeTree, _ stack: [QueryLevel]) -> [Source] {
        if let parameter = nullability.parameter(expression) {
            return [Source(parameter: parameter, isElement: false)]
        }
        if let inner = nullability.castAway(expression) { return sources(of: inner, stack) }
        if expression.name == "CASE" || expression.name == "CASEEXPR" {
            let results = (expression["args"]?.items ?? []).map { $0["result"] } + [expression["defresult"]]
            return results.compactMap(\.self).flatMap { sources(of: $0, stack) }
        }
        guard expression.name == "VAR", let index = expression["varno"]?.number,
            let attribute = expression["varattno"]?.number, let up = expression["varlevelsup"]?.number,
            up < stack.count
        else { return [] }
        let inner = Array(stack.dropLast(up))
        guard let level = inner.last, let entry = level.entry(index) else { return [] }
        return sources(ofColumn: attribute - 1, of: entry, at: index, level, inner)
    }

    /// The kinds are those of RTEKind.
    private func sources(
        ofColumn column: Int, of entry: NodeTree, at index: Int, _ level: QueryLevel, _ stack: [QueryLevel]
    ) -> [Source] {
        switch entry["rtekind"]?.number {
        case 1: return entry["subquery"].map { sources(ofColumn: column, of: $0, stack) } ?? []
        case 2: return level.joinAlias(index, column + 1).map { sources(of: $0, stack) } ?? []
        case 3:
            let functions = entry["functions"]?.items ?? []
            guard functions.indices.contains(column),
                let array = nullability.unnested(functions[column]["funcexpr"]),
                let parameter = nullability.parameter(array)
            else { return [] }
            return [Source(parameter: parameter, isElement: true)]
        case 5:
            return (entry["values_lists"]?.items ?? []).flatMap { row in
                row.items.indices.contains(column) ? sources(of: row.items[column], stack) : []
            }
        case 6:
            let place = Array(stack.dropLast(entry["ctelevelsup"]?.number ?? 0))
            guard let query = place.last?.query.commonTable(named: entry["ctename"]) else { return [] }
            return sources(ofColumn: column, of: query, place)
        default: return []
        }
    }

    private func sources(ofColumn column: Int, of query: NodeTree, _ outer: [QueryLevel]) -> [Source] {
        guard query.name == "QUERY" else { return [] }
        let level = nullability.level(query)
        let targets = level.targets
        return targets.indices.contains(column) ? sources(of: targets[column], outer + [level]) : []
    }

    // MARK: Rows

    /// The parameters that a call of `unnest` takes apart side by side, by the names that its alias gives them.
    private func unnestedRows(_ entry: NodeTree) -> Rows? {
        guard entry["rtekind"]?.number == 3, let functions = entry["functions"]?.items else { return nil }
        let names = (entry["eref"]?["colnames"]?.items ?? []).compactMap(\.text)
        let parameters = functions.map { nullability.unnested($0["funcexpr"]).flatMap(nullability.parameter) }
        let columns = zip(names, parameters).compactMap { name, parameter in
            // The text of a name in a list stands in quotes.
            parameter.map { (name: name.trimmingQuotes, parameter: $0) }
        }
        return columns.count == functions.count ? Rows(columns: columns) : nil
    }
}

extension String {
    fileprivate var trimmingQuotes: String {
        hasPrefix("\"") && hasSuffix("\"") && count > 1 ? String(dropFirst().dropLast()) : self
    }
}
