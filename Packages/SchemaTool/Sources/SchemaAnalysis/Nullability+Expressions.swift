extension Nullability {
    /// Functions and operators count only where they are known to give a value for values: being strict says
    /// what they do with NULL, not that they never give it (`->>`, `lower` of a range, `to_char`).
    func isNeverNull(_ expression: NodeTree, _ stack: [QueryLevel]) -> Bool {
        guard let name = expression.name else { return false }
        if let level = stack.last, level.groupedExpressions.contains(expression) { return false }
        let arguments = expression["args"]?.items ?? []
        func all() -> Bool { arguments.allSatisfy { isNeverNull($0, stack) } }
        func follows(_ field: String) -> Bool { expression[field].map { isNeverNull($0, stack) } ?? false }
        switch name {
        case "VAR": return isNeverNull(variable: expression, stack)
        case "CONST": return expression["constisnull"]?.text == "false"
        case "PARAM":
            return expression["paramkind"]?.number == 0
                && !(expression["paramid"]?.number.map(nullableParameters.contains) ?? true)
        case "RELABELTYPE", "COERCEVIAIO", "COLLATE", "COLLATEEXPR", "ARRAYCOERCEEXPR", "COERCETODOMAIN",
            "CONVERTROWTYPEEXPR":
            return follows("arg")
        case "COALESCE", "COALESCEEXPR", "MINMAX", "MINMAXEXPR":
            return arguments.contains { isNeverNull($0, stack) }
        case "CASE", "CASEEXPR":
            return follows("defresult")
                && arguments.allSatisfy { $0["result"].map { isNeverNull($0, stack) } ?? false }
        case "NULLTEST", "BOOLEANTEST", "DISTINCTEXPR", "ARRAY", "ARRAYEXPR", "ROW", "ROWEXPR",
            "GROUPINGFUNC", "NEXTVALUEEXPR":
            return true
        case "BOOLEXPR": return all()
        case "ROWCOMPARE", "ROWCOMPAREEXPR":
            return ((expression["largs"]?.items ?? []) + (expression["rargs"]?.items ?? [])).allSatisfy {
                isNeverNull($0, stack)
            }
        case "OPEXPR": return isKnown(expression["opno"], in: catalog.builtIns.neverNullOperators) && all()
        case "SCALARARRAYOPEXPR":
            return isKnown(expression["opno"], in: catalog.builtIns.neverNullOperators) && all()
                && arguments.last.map { holdsNoNull($0, stack) } ?? false
        case "FUNCEXPR":
            return expression["funcretset"]?.text != "true"
                && isKnown(expression["funcid"], in: catalog.builtIns.neverNullFunctions) && all()
        case "SQLVALUEFUNCTION":
            // The last one, CURRENT_SCHEMA, is NULL where the search path names none.
            return expression["op"]?.number.map { $0 < 14 } ?? false
        case "AGGREF": return isNeverNull(aggregate: expression, stack)
        case "WINDOWFUNC": return isNeverNull(windowFunction: expression, stack)
        case "SUBLINK": return isNeverNull(sublink: expression, stack)
        default: return false
        }
    }

    private func isKnown(_ oid: NodeTree?, in known: Set<UInt32>) -> Bool {
        oid?.number.flatMap(UInt32.init(exactly:)).map(known.contains) ?? false
    }

    /// A parameter of the statement's own, perhaps under a cast.
    func parameter(_ expression: NodeTree) -> Int? {
        switch expression.name {
        case "PARAM": expression["paramkind"]?.number == 0 ? expression["paramid"]?.number : nil
        default: castAway(expression).flatMap(parameter)
        }
    }

    /// What a cast is made of; nothing for anything else.
    func castAway(_ expression: NodeTree) -> NodeTree? {
        switch expression.name {
        case "RELABELTYPE", "COERCEVIAIO", "ARRAYCOERCEEXPR", "COERCETODOMAIN", "COLLATE", "COLLATEEXPR":
            expression["arg"]
        // A cast by function: numeric to numeric(38,18), say.
        case "FUNCEXPR" where (expression["funcformat"]?.number ?? 0) > 0: expression["args"]?.items.first
        default: nil
        }
    }

    private func isNeverNull(aggregate: NodeTree, _ stack: [QueryLevel]) -> Bool {
        let builtIns = catalog.builtIns
        if isKnown(aggregate["aggfnoid"], in: builtIns.counts) { return true }
        // A group has a row, unless a filter takes it away, and so has what is gathered from it.
        guard let level = stack.last, level.hasPlainGroups, aggregate["agglevelsup"]?.number == 0,
            aggregate["aggfilter"] == .null
        else { return false }
        if isKnown(aggregate["aggfnoid"], in: builtIns.gatheringAggregates) { return true }
        guard isKnown(aggregate["aggfnoid"], in: builtIns.pickingAggregates) else { return false }
        return (aggregate["args"]?.items ?? []).allSatisfy { target in
            target["expr"].map { isNeverNull($0, stack) } ?? false
        }
    }

    private func isNeverNull(windowFunction call: NodeTree, _ stack: [QueryLevel]) -> Bool {
        let builtIns = catalog.builtIns
        let arguments = call["args"]?.items ?? []
        if isKnown(call["winfnoid"], in: builtIns.counts) { return true }
        let haveValues = arguments.allSatisfy { isNeverNull($0, stack) }
        if isKnown(call["winfnoid"], in: builtIns.ranks) { return haveValues }
        // These read a frame, which must hold the current row.
        guard call["aggfilter"] == .null, frameHoldsCurrentRow(call, stack) else { return false }
        if isKnown(call["winfnoid"], in: builtIns.gatheringAggregates) { return true }
        return haveValues && isKnown(call["winfnoid"], in: builtIns.pickingAggregates)
    }

    /// From the beginning or the current row, to the current row or the end, nothing excluded: the bits of
    /// `FRAMEOPTION_…`.
    private func frameHoldsCurrentRow(_ call: NodeTree, _ stack: [QueryLevel]) -> Bool {
        let windows = stack.last?.query["windowClause"]?.items ?? []
        guard let window = windows.first(where: { $0["winref"] == call["winref"] }),
            let options = window["frameOptions"]?.number
        else { return false }
        return options & (0x20 | 0x200) != 0 && options & (0x100 | 0x400) != 0 && options & 0x38000 == 0
    }

    /// The numbers are those of SubLinkType.
    private func isNeverNull(sublink: NodeTree, _ stack: [QueryLevel]) -> Bool {
        guard let query = sublink["subselect"] else { return false }
        switch sublink["subLinkType"]?.number {
        case 0, 6: return true
        case 2:
            // `x IN (SELECT …)`: the comparison is between the left side and a parameter for the right.
            let left = sublink["testexpr"]?["args"]?.items.first
            return left.map { isNeverNull($0, stack) } ?? false
                && isKnown(sublink["testexpr"]?["opno"], in: catalog.builtIns.neverNullOperators)
                && neverNull(query, under: stack).allSatisfy(\.self)
        case 4: return givesExactlyOneRow(query) && neverNull(query, under: stack) == [true]
        default: return false
        }
    }

    /// An aggregate of everything, or a SELECT without FROM.
    private func givesExactlyOneRow(_ query: NodeTree) -> Bool {
        func isEmpty(_ field: String) -> Bool { query[field].map { $0 == .null || $0.items.isEmpty } ?? true }
        guard query["commandType"]?.number == 1, query["hasTargetSRFs"]?.text == "false",
            ["setOperations", "groupClause", "groupingSets", "havingQual", "limitCount", "limitOffset"]
                .allSatisfy({ query[$0] == .null || query[$0] == nil })
        else { return false }
        if query["hasAggs"]?.text == "true" { return true }
        return isEmpty("rtable") && query["jointree"]?["quals"] == .null
    }
}
