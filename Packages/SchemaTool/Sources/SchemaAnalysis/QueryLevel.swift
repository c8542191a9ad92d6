/// One SELECT, INSERT, UPDATE or DELETE of an analysed tree: its range table, which of its rows an outer join
/// may leave out, and which of its columns a condition keeps from being NULL.
struct QueryLevel {
    struct Column: Hashable {
        /// The range table index, from 1.
        let entry: Int
        /// The attribute's number, from 1; 0 is the whole row, below it a system column.
        let attribute: Int
    }

    /// The side of an outer join that may find no row: two of them for a FULL join.
    struct Absence: Hashable {
        enum Side: Hashable { case left, right }
        /// The join's range table index.
        let join: Int
        let side: Side
    }

    let query: NodeTree
    let entries: [NodeTree]
    /// For each entry the outer joins that may leave its row out.
    private(set) var absences: [Int: Set<Absence>] = [:]
    /// The columns that a condition, true for every row that remains, shows to have a value.
    private(set) var proven: Set<Column> = []
    /// Expressions that a grouping set may put NULL for.
    let groupedExpressions: Set<NodeTree>
    /// Of each recursive CTE that is being walked, which of its columns are taken to be never NULL.
    var recursion: [String: [Bool]] = [:]

    init(_ query: NodeTree, isStrict: (UInt32) -> Bool) {
        self.query = query
        entries = query["rtable"]?.items ?? []
        groupedExpressions = Self.groupedExpressions(of: query)
        let from = query["jointree"]?["fromlist"]?.items ?? []
        for item in from { findAbsences(item, []) }
        guard !isInsert else { return }
        prove(query["jointree"]?["quals"], isStrict)
        for item in from { proveInnerJoins(item, isStrict) }
    }

    // The numbers of CmdType.
    var isSelect: Bool { query["commandType"]?.number == 1 }
    var isUpdate: Bool { query["commandType"]?.number == 2 }
    var isInsert: Bool { query["commandType"]?.number == 3 }
    /// The entry that the command changes; 0 for a SELECT.
    var resultEntry: Int { query["resultRelation"]?.number ?? 0 }
    var hasGroupingSets: Bool { !(query["groupingSets"]?.items.isEmpty ?? true) }
    /// GROUP BY without grouping sets: no group is empty.
    var hasPlainGroups: Bool { !hasGroupingSets && !(query["groupClause"]?.items.isEmpty ?? true) }

    /// What the query gives, without the columns that only sort or group.
    var targets: [NodeTree] {
        let list = isSelect ? query["targetList"] : query["returningList"]
        return (list?.items ?? []).filter { $0["resjunk"]?.text != "true" }.compactMap { $0["expr"] }
    }

    func entry(_ index: Int) -> NodeTree? {
        entries.indices.contains(index - 1) ? entries[index - 1] : nil
    }

    /// Whether the entry's row may be missing, apart from what one FULL join does to it.
    func mayBeAbsent(_ entry: Int, apartFrom join: Int? = nil) -> Bool {
        absences[entry, default: []].contains { $0.join != join }
    }

    /// The same where none of these joins left a row out.
    func without(_ absences: Set<Absence>) -> QueryLevel {
        var level = self
        level.absences = self.absences.mapValues { $0.subtracting(absences) }
        return level
    }

    /// The same for those rows alone that a filter lets through.
    func `where`(_ filter: NodeTree, isStrict: (UInt32) -> Bool) -> QueryLevel {
        var level = self
        level.prove(filter, isStrict)
        return level
    }

    /// The joins that may leave out the row of a plain column; nil for any other expression.
    func absences(of expression: NodeTree) -> Set<Absence>? {
        guard expression.name == "VAR", expression["varlevelsup"]?.number == 0,
            let entry = expression["varno"]?.number, let attribute = expression["varattno"]?.number
        else { return nil }
        if let alias = joinAlias(entry, attribute) { return absences(of: alias) }
        return absences[entry, default: []]
    }

    /// LEFT empties its right side, RIGHT its left, FULL both; what lies deeper inherits it.
    private mutating func findAbsences(_ item: NodeTree, _ inherited: Set<Absence>) {
        guard let index = item["rtindex"]?.number else {
            for inner in item["fromlist"]?.items ?? [] { findAbsences(inner, inherited) }
            return
        }
        absences[index] = inherited
        guard let left = item["larg"], let right = item["rarg"] else { return }
        let type = item["jointype"]?.number ?? 0
        let onLeft: Set<Absence> = type == 2 || type == 3 ? [.init(join: index, side: .left)] : []
        let onRight: Set<Absence> = type == 1 || type == 2 ? [.init(join: index, side: .right)] : []
        findAbsences(left, inherited.union(onLeft))
        findAbsences(right, inherited.union(onRight))
    }

    /// An inner join's condition is as good as WHERE, unless an outer join above it may drop its rows.
    private mutating func proveInnerJoins(_ item: NodeTree, _ isStrict: (UInt32) -> Bool) {
        guard let index = item["rtindex"]?.number, let left = item["larg"], let right = item["rarg"] else {
            return
        }
        if item["jointype"]?.number == 0, !mayBeAbsent(index) { prove(item["quals"], isStrict) }
        proveInnerJoins(left, isStrict)
        proveInnerJoins(right, isStrict)
    }

    /// Takes it that `condition` is true.
    private mutating func prove(_ condition: NodeTree?, _ isStrict: (UInt32) -> Bool) {
        guard let condition else { return }
        switch condition.name {
        case "BOOLEXPR":
            let arguments = condition["args"]?.items ?? []
            switch condition["boolop"]?.text {
            case "and": for argument in arguments { prove(argument, isStrict) }
            case "not":
                guard let argument = arguments.first else { return }
                if Self.isNullTest(argument, negated: false) {
                    proveValue(argument["arg"], isStrict)
                } else {
                    proveValue(argument, isStrict)
                }
            default: break
            }
        case "NULLTEST":
            if Self.isNullTest(condition, negated: true) { proveValue(condition["arg"], isStrict) }
        default:
            proveValue(condition, isStrict)
        }
    }

    /// Takes it that `expression` is not NULL, and with it whatever it could not do without.
    private mutating func proveValue(_ expression: NodeTree?, _ isStrict: (UInt32) -> Bool) {
        guard let expression else { return }
        switch expression.name {
        case "VAR":
            guard expression["varlevelsup"]?.number == 0, let entry = expression["varno"]?.number,
                let attribute = expression["varattno"]?.number
            else { return }
            if let alias = joinAlias(entry, attribute) { return proveValue(alias, isStrict) }
            proven.insert(Column(entry: entry, attribute: attribute))
            // A row with a value is there, and so is every other row that the same join could leave out.
            let present = absences[entry, default: []]
            absences = absences.mapValues { $0.subtracting(present) }
        case "RELABELTYPE", "COERCEVIAIO", "COERCETODOMAIN":
            proveValue(expression["arg"], isStrict)
        case "OPEXPR", "FUNCEXPR":
            let function = expression["opfuncid"]?.number ?? expression["funcid"]?.number
            guard let function, let oid = UInt32(exactly: function), isStrict(oid) else { return }
            for argument in expression["args"]?.items ?? [] { proveValue(argument, isStrict) }
        case "SCALARARRAYOPEXPR":
            // `NULL <> ALL ('{}')` is true; with ANY the left side must have a value.
            guard expression["useOr"]?.text == "true" else { return }
            proveValue(expression["args"]?.items.first, isStrict)
        default:
            break
        }
    }

    /// What a join's column stands for.
    func joinAlias(_ index: Int, _ attribute: Int) -> NodeTree? {
        guard let entry = entry(index), entry["rtekind"]?.number == 2 else { return nil }
        let aliases = entry["joinaliasvars"]?.items ?? []
        return aliases.indices.contains(attribute - 1) ? aliases[attribute - 1] : nil
    }

    private static func isNullTest(_ node: NodeTree, negated: Bool) -> Bool {
        node.name == "NULLTEST" && node["nulltesttype"]?.number == (negated ? 1 : 0)
            && node["argisrow"]?.text != "true"
    }

    private static func groupedExpressions(of query: NodeTree) -> Set<NodeTree> {
        guard !(query["groupingSets"]?.items.isEmpty ?? true) else { return [] }
        let references = Set(
            (query["groupClause"]?.items ?? []).compactMap { $0["tleSortGroupRef"]?.number })
        let targets = (query["targetList"]?.items ?? []).filter {
            $0["ressortgroupref"]?.number.map(references.contains) ?? false
        }
        return Set(targets.compactMap { $0["expr"] })
    }
}
