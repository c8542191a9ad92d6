/// NULL inside arrays: an outer join under `array_agg`, or a column that may be NULL in `ARRAY[…]`, gives an array that is
/// there and holds NULL.
extension Nullability {
    /// For each column of the result of an analysed function body, whether it may be an array that holds NULL.
    func mayHoldNull(inBody tree: NodeTree) -> [Bool] {
        guard let query = tree.outermost("QUERY") else { return [] }
        let level = level(query)
        return level.targets.indices.map { !holdsNoNull(column: $0, of: level, under: []) }
    }

    /// Whether the array, where it is one and is there, has a value in every place.
    func holdsNoNull(_ array: NodeTree, _ stack: [QueryLevel]) -> Bool {
        let arguments = array["args"]?.items ?? []
        func follows(_ field: String) -> Bool { array[field].map { holdsNoNull($0, stack) } ?? false }
        switch array.name {
        case "VAR": return holdsNoNull(variable: array, stack)
        case "PARAM":
            return array["paramkind"]?.number == 0
                && !(array["paramid"]?.number.map(nullableElements.contains) ?? true)
        case "CONST": return array["constisnull"]?.text == "true" || Self.holdsNoNull(constant: array)
        case "RELABELTYPE", "COLLATE", "COLLATEEXPR": return follows("arg")
        case "ARRAYCOERCEEXPR": return follows("arg") && givesValues(elementCast: array["elemexpr"])
        case "COALESCE", "COALESCEEXPR": return arguments.allSatisfy { holdsNoNull($0, stack) }
        case "CASE", "CASEEXPR":
            return follows("defresult")
                && arguments.allSatisfy { $0["result"].map { holdsNoNull($0, stack) } ?? false }
        case "ARRAY", "ARRAYEXPR":
            let isNested = array["multidims"]?.text == "true"
            return (array["elements"]?.items ?? []).allSatisfy {
                isNested ? holdsNoNull($0, stack) : isNeverNull($0, stack)
            }
        case "SUBSCRIPTINGREF": return follows("refexpr")
        case "SUBLINK": return holdsNoNull(sublink: array, stack)
        case "AGGREF", "WINDOWFUNC": return holdsNoNull(aggregate: array, stack)
        case "FUNCEXPR", "OPEXPR":
            let function = array["funcid"]?.number ?? array["opfuncid"]?.number
            guard let oid = function.flatMap(UInt32.init(exactly:)) else { return false }
            if catalog.builtIns.splits.contains(oid) { return true }
            // An element that is put into an array is a value; what is taken out of one matters as little.
            return catalog.builtIns.arrayJoins.contains(oid)
                && arguments.allSatisfy {
                    isNeverNull($0, stack) && (!mayBeArray($0) || holdsNoNull($0, stack))
                }
        default: return false
        }
    }

    /// By the type that the node says it has; where it says none, it may be one.
    private func mayBeArray(_ expression: NodeTree) -> Bool {
        let fields = [
            "vartype", "consttype", "paramtype", "resulttype", "funcresulttype", "opresulttype",
            "coalescetype",
            "casetype", "array_typeid", "aggtype", "wintype", "refrestype",
        ]
        guard let number = fields.lazy.compactMap({ expression[$0]?.number }).first,
            let oid = UInt32(exactly: number), let type = catalog.types[oid]
        else { return true }
        return type.element != nil || type.base != nil
    }

    /// The flags of an array's bytes: behind its length and the number of dimensions, where its values begin if it has a
    /// list of the NULLs, and 0 where it has none.
    private static func holdsNoNull(constant: NodeTree) -> Bool {
        guard let bytes = constant.constantBytes, bytes.count >= 16 else { return false }
        return bytes[8..<12].allSatisfy { $0 == 0 }
    }

    private func givesValues(elementCast: NodeTree?) -> Bool {
        switch elementCast?.name {
        case "RELABELTYPE", "COERCEVIAIO": true
        case "FUNCEXPR":
            elementCast?["funcid"]?.number.flatMap(UInt32.init(exactly:)).map(
                catalog.builtIns.neverNullFunctions.contains) ?? false
        default: false
        }
    }

    /// The filter of an aggregate holds for each row that it takes, as WHERE does.
    private func holdsNoNull(aggregate: NodeTree, _ stack: [QueryLevel]) -> Bool {
        let function = aggregate["aggfnoid"]?.number ?? aggregate["winfnoid"]?.number
        guard let oid = function.flatMap(UInt32.init(exactly:)),
            catalog.builtIns.arrayAggregates.contains(oid),
            aggregate["agglevelsup"].map({ $0.number == 0 }) ?? true, var level = stack.last
        else { return false }
        if let filter = aggregate["aggfilter"], filter != .null {
            level = level.where(filter) { catalog.builtIns.strict.contains($0) }
        }
        let inner = stack.dropLast() + [level]
        return (aggregate["args"]?.items ?? []).filter { $0["resjunk"]?.text != "true" }.allSatisfy {
            argument in
            isNeverNull(argument["expr"] ?? argument, Array(inner))
        }
    }

    /// The numbers are those of SubLinkType: 4 is a value, 6 is `ARRAY(SELECT …)`.
    private func holdsNoNull(sublink: NodeTree, _ stack: [QueryLevel]) -> Bool {
        guard let query = sublink["subselect"] else { return false }
        switch sublink["subLinkType"]?.number {
        case 4: return holdsNoNull(column: 0, of: level(query), under: stack)
        case 6: return neverNull(query, under: stack).allSatisfy(\.self)
        default: return false
        }
    }

    // MARK: Columns

    private func holdsNoNull(column: Int, of level: QueryLevel, under outer: [QueryLevel]) -> Bool {
        let stack = outer + [level]
        if let operation = level.query["setOperations"], operation.name == "SETOPERATIONSTMT" {
            return operation.setOperationLeaves.allSatisfy { index in
                level.entry(index)?["subquery"].map {
                    holdsNoNull(column: column, of: self.level($0), under: stack)
                } ?? false
            }
        }
        let targets = level.targets
        return targets.indices.contains(column) && holdsNoNull(targets[column], stack)
    }

    private func holdsNoNull(variable: NodeTree, _ stack: [QueryLevel]) -> Bool {
        guard let index = variable["varno"]?.number, let attribute = variable["varattno"]?.number,
            attribute > 0,
            let up = variable["varlevelsup"]?.number, up < stack.count
        else { return false }
        let inner = Array(stack.dropLast(up))
        guard let level = inner.last, let entry = level.entry(index) else { return false }
        switch entry["rtekind"]?.number {
        case 0: return holdsNoNull(attribute: attribute, ofRelation: entry)
        case 1:
            guard let query = entry["subquery"] else { return false }
            return holdsNoNull(column: attribute - 1, of: self.level(query), under: inner)
        case 2: return level.joinAlias(index, attribute).map { holdsNoNull($0, inner) } ?? false
        case 5:
            return (entry["values_lists"]?.items ?? []).allSatisfy { row in
                row.items.indices.contains(attribute - 1) && holdsNoNull(row.items[attribute - 1], inner)
            }
        case 6:
            let place = Array(inner.dropLast(entry["ctelevelsup"]?.number ?? 0))
            guard let query = place.last?.query.commonTable(named: entry["ctename"]) else { return false }
            return holdsNoNull(column: attribute - 1, of: self.level(query), under: place)
        default: return false
        }
    }

    private func holdsNoNull(attribute: Int, ofRelation entry: NodeTree) -> Bool {
        guard let number = entry["relid"]?.number, let oid = UInt32(exactly: number),
            let table = catalog.tables[oid]
        else { return false }
        if table.column(attribute)?.holdsNoNull ?? false { return true }
        guard let text = catalog.viewTrees[oid], let tree = try? NodeTree(parsing: text),
            let query = tree.outermost("QUERY")
        else { return false }
        return holdsNoNull(column: attribute - 1, of: level(query), under: [])
    }
}

extension NodeTree {
    /// The bytes of a constant that is passed by reference: `:constvalue 24 [ 96 0 … ]`.
    fileprivate var constantBytes: [UInt8]? {
        guard case .node(_, let fields) = self, let list = fields["constvalue"]?.last?.items else {
            return nil
        }
        return list.compactMap { $0.number.map { UInt8(truncatingIfNeeded: $0) } }
    }

    /// The range table indices of a set operation's arms.
    var setOperationLeaves: [Int] {
        if let index = self["rtindex"]?.number { return [index] }
        return [self["larg"], self["rarg"]].compactMap(\.self).flatMap(\.setOperationLeaves)
    }

    /// The query of a CTE that does not refer to itself.
    func commonTable(named name: NodeTree?) -> NodeTree? {
        let found = self["cteList"]?.items.first { $0["ctename"] == name }
        return found?["cterecursive"]?.text == "true" ? nil : found?["ctequery"]
    }
}

extension BuiltIns {
    /// The columns of which a CHECK says, by itself or under AND, `array_position(column, NULL) IS NULL`.
    func columnsWithoutNullElement(inCheck tree: NodeTree) -> [Int] {
        if tree.name == "BOOLEXPR", tree["boolop"]?.text == "and" {
            return (tree["args"]?.items ?? []).flatMap { columnsWithoutNullElement(inCheck: $0) }
        }
        guard tree.name == "NULLTEST", tree["nulltesttype"]?.number == 0, let call = tree["arg"],
            let oid = call["funcid"]?.number.flatMap(UInt32.init(exactly:)), arrayPosition.contains(oid),
            let arguments = call["args"]?.items, arguments.count == 2, arguments[0].name == "VAR",
            arguments[1].name == "CONST", arguments[1]["constisnull"]?.text == "true",
            let column = arguments[0]["varattno"]?.number
        else { return [] }
        return [column]
    }
}
