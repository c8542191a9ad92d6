/// Decides from PostgreSQL's own analysed tree which columns of a result can be NULL.
///
/// It says "never" only where that follows from the tree and the catalog, and "may be" everywhere else. A
/// value is looked up where it comes from: through subqueries, CTEs, joins, set operations and views down to
/// the column of a table.
struct Nullability {
    let catalog: Catalog
    /// The numbers of the parameters that may be NULL, from 1.
    let nullableParameters: Set<Int>
    /// Those whose elements may be NULL.
    var nullableElements: Set<Int> = []
    /// Those that hold the fields of one array of structs, and so are arrays of one length.
    var rowParameters: Set<Int> = []

    /// For each column of the result of an analysed function body, whether it may be NULL.
    func mayBeNull(inBody tree: NodeTree) -> [Bool] {
        tree.outermost("QUERY").map { neverNull($0, under: []).map { !$0 } } ?? []
    }

    func level(_ query: NodeTree) -> QueryLevel {
        QueryLevel(query) { catalog.builtIns.strict.contains($0) }
    }

    // MARK: Queries

    func neverNull(_ query: NodeTree, under outer: [QueryLevel]) -> [Bool] {
        let level = level(query)
        return level.targets.indices.map { isNeverNull(column: $0, of: level, under: outer) }
    }

    private func isNeverNull(column: Int, of query: NodeTree, under outer: [QueryLevel]) -> Bool {
        isNeverNull(column: column, of: level(query), under: outer)
    }

    /// - Parameter column: from 0.
    private func isNeverNull(column: Int, of level: QueryLevel, under outer: [QueryLevel]) -> Bool {
        let stack = outer + [level]
        if let operation = level.query["setOperations"], operation.name == "SETOPERATIONSTMT" {
            return isNeverNull(column: column, ofArms: operation, stack)
        }
        let targets = level.targets
        return targets.indices.contains(column) && isNeverNull(targets[column], stack)
    }

    private func isNeverNull(column: Int, ofArms arm: NodeTree, _ stack: [QueryLevel]) -> Bool {
        if let index = arm["rtindex"]?.number {
            guard let query = stack.last?.entry(index)?["subquery"] else { return false }
            return isNeverNull(column: column, of: query, under: stack)
        }
        func side(_ field: String) -> Bool {
            arm[field].map { isNeverNull(column: column, ofArms: $0, stack) } ?? false
        }
        // SetOperation: 1 UNION, 2 INTERSECT, 3 EXCEPT, whose rows all come from the left.
        switch arm["op"]?.number {
        case 2: return side("larg") || side("rarg")
        case 3: return side("larg")
        default: return side("larg") && side("rarg")
        }
    }

    /// The columns of a result that a join brought together: which of them is NULL exactly where the join found
    /// no row (nil where it always finds one), and whether each may be NULL where it did.
    ///
    /// Nothing where the join may find none and no column tells.
    func joined(_ columns: [Int], inBody tree: NodeTree) -> (key: Int?, mayBeNull: [Bool])? {
        guard let query = tree.outermost("QUERY") else { return nil }
        let level = level(query)
        let targets = level.targets
        guard level.query["setOperations"]?.name == nil, columns.allSatisfy(targets.indices.contains) else {
            return (nil, columns.map { !isNeverNull(column: $0, of: level, under: []) })
        }
        let absences = columns.map { level.absences(of: targets[$0]) }
        let common = absences.compactMap(\.self).reduce(nil as Set<QueryLevel.Absence>?) {
            $0?.intersection($1) ?? $1
        }
        let present = level.without(common ?? [])
        let mayBeNull = columns.map { !isNeverNull(targets[$0], [present]) }
        guard let common, !common.isEmpty else { return (nil, mayBeNull) }
        let key = columns.indices.first { !mayBeNull[$0] && absences[$0] == common }
        return key.map { (columns[$0], mayBeNull) }
    }

    // MARK: Columns

    /// - Parameter join: a FULL join whose own merged column is looked at: of its two sides one is there.
    func isNeverNull(variable: NodeTree, _ stack: [QueryLevel], within join: Int? = nil) -> Bool {
        guard let index = variable["varno"]?.number, let attribute = variable["varattno"]?.number,
            let up = variable["varlevelsup"]?.number, up < stack.count
        else { return false }
        let inner = Array(stack.dropLast(up))
        guard let level = inner.last, let entry = level.entry(index) else { return false }
        // With grouping sets a column outside an aggregate is a key, which some of the sets leave out.
        if level.hasGroupingSets { return false }
        let isChanged = level.isUpdate && index == level.resultEntry
        // RETURNING shows the new row, of which the condition on the old one says nothing.
        if !isChanged, level.proven.contains(.init(entry: index, attribute: attribute)) { return true }
        if let alias = level.joinAlias(index, attribute) {
            return isNeverNull(alias: alias, of: index, inner)
        }
        if level.mayBeAbsent(index, apartFrom: join) { return false }
        if attribute <= 0 { return true }
        return isNeverNull(attribute: attribute, of: entry, inner)
    }

    private func isNeverNull(alias: NodeTree, of join: Int, _ stack: [QueryLevel]) -> Bool {
        guard alias.name == "COALESCE" || alias.name == "COALESCEEXPR" else {
            return isNeverNull(alias, stack)
        }
        return (alias["args"]?.items ?? []).allSatisfy { side in
            side.name == "VAR" && isNeverNull(variable: side, stack, within: join)
        }
    }

    /// The kinds are those of RTEKind.
    private func isNeverNull(attribute: Int, of entry: NodeTree, _ stack: [QueryLevel]) -> Bool {
        switch entry["rtekind"]?.number {
        case 0: return isNeverNull(attribute: attribute, ofRelation: entry)
        case 1:
            return entry["subquery"].map { isNeverNull(column: attribute - 1, of: $0, under: stack) } ?? false
        case 3: return isNeverNull(attribute: attribute, ofFunctions: entry, stack)
        case 5:
            return (entry["values_lists"]?.items ?? []).allSatisfy { row in
                row.items.indices.contains(attribute - 1) && isNeverNull(row.items[attribute - 1], stack)
            }
        case 6: return isNeverNull(attribute: attribute, ofCTE: entry, stack)
        default: return false
        }
    }

    private func isNeverNull(attribute: Int, ofRelation entry: NodeTree) -> Bool {
        guard let number = entry["relid"]?.number, let oid = UInt32(exactly: number),
            let table = catalog.tables[oid]
        else { return false }
        if table.column(attribute)?.isNotNull ?? false { return true }
        guard let text = catalog.viewTrees[oid], let tree = try? NodeTree(parsing: text),
            let query = tree.outermost("QUERY")
        else { return false }
        return isNeverNull(column: attribute - 1, of: query, under: [])
    }

    /// Of several functions those that end early are filled up with NULL, but for arrays of one length.
    private func isNeverNull(attribute: Int, ofFunctions entry: NodeTree, _ stack: [QueryLevel]) -> Bool {
        let functions = entry["functions"]?.items ?? []
        let columnCount = functions.reduce(0) { $0 + ($1["funccolcount"]?.number ?? 0) }
        if attribute == columnCount + 1 { return entry["funcordinality"]?.text == "true" }
        if functions.count > 1 {
            let arrays = functions.map { unnested($0["funcexpr"]) }
            return arrays.indices.contains(attribute - 1)
                && arrays.allSatisfy { $0.flatMap(parameter).map(rowParameters.contains) ?? false }
                && arrays[attribute - 1].map { holdsNoNull($0, stack) } ?? false
        }
        guard let function = functions.first, let columns = function["funccolcount"]?.number else {
            return false
        }
        guard let call = function["funcexpr"], call.name == "FUNCEXPR", columns == 1, attribute == 1,
            let number = call["funcid"]?.number, let oid = UInt32(exactly: number)
        else { return false }
        return catalog.builtIns.neverNullSets.contains(oid)
            || unnested(call).map { holdsNoNull($0, stack) } ?? false
    }

    /// What a call of `unnest` takes apart.
    func unnested(_ call: NodeTree?) -> NodeTree? {
        guard let call, call.name == "FUNCEXPR",
            let oid = call["funcid"]?.number.flatMap(UInt32.init(exactly:)),
            catalog.builtIns.unnest.contains(oid)
        else { return nil }
        return call["args"]?.items.first
    }

    private func isNeverNull(attribute: Int, ofCTE entry: NodeTree, _ stack: [QueryLevel]) -> Bool {
        var place = Array(stack.dropLast(entry["ctelevelsup"]?.number ?? 0))
        guard let name = entry["ctename"]?.text,
            let found = place.last?.query["cteList"]?.items.first(where: { $0["ctename"]?.text == name }),
            let query = found["ctequery"]
        else { return false }
        guard found["cterecursive"]?.text == "true" else {
            return isNeverNull(column: attribute - 1, of: query, under: place)
        }
        // Taken to be never NULL until an arm shows otherwise: what is left holds for every round.
        let last = place.count - 1
        var columns = place[last].recursion[name] ?? []
        if columns.isEmpty {
            var assumed = Array(repeating: true, count: found["ctecoltypes"]?.items.count ?? 0)
            repeat {
                columns = assumed
                place[last].recursion[name] = columns
                let level = level(query)
                assumed = columns.indices.map {
                    columns[$0] && isNeverNull(column: $0, of: level, under: place)
                }
            } while assumed != columns
        }
        return columns.indices.contains(attribute - 1) && columns[attribute - 1]
    }
}
