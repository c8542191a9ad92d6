/// What a plan must not do, unless its statement says why.
public enum PlanRule: String, Sendable, CaseIterable, Comparable {
    /// It reads a whole table: in sequence, or by an index without a condition that nothing cuts short.
    case scan
    /// It sorts rows by columns of one table, which an index on these would give in order.
    case sort

    public static func < (left: PlanRule, right: PlanRule) -> Bool { left.rawValue < right.rawValue }
}

/// A place of a plan that breaks a rule.
public struct PlanFault: Sendable, Hashable {
    public let rule: PlanRule
    /// With its namespace.
    public let table: String
    public let message: String
}

extension PlanNode {
    /// The tables that are read whole.
    ///
    /// An index whose first column is in no condition is read from its first to its last entry, whatever else
    /// the condition compares: unless a LIMIT takes the first rows in its order, or the index is partial, so
    /// that its predicate is the condition.
    public func wholeReads(_ facts: PlanFacts) -> [PlanFault] {
        wholeReads(facts, isCutShort: false, of: qualifiedTable)
    }

    private func wholeReads(_ facts: PlanFacts, isCutShort: Bool, of above: String?) -> [PlanFault] {
        var faults: [PlanFault] = []
        // A bitmap's index scan does not name its table: the heap scan above it does.
        let read = qualifiedTable ?? above
        if let read, kind == "Seq Scan" {
            faults.append(PlanFault(rule: .scan, table: read, message: "reads \(read) in sequence"))
        } else if let read, let index, !isCutShort,
            readsWhole(facts.indexes["\(Self.schema(of: read)).\(index)"])
        {
            faults.append(
                PlanFault(rule: .scan, table: read, message: "reads the whole of \(read) by \(index)"))
        }
        for (number, child) in children.enumerated() {
            // A lock, a filter or a join's outer side lets rows through one by one; others read to the end.
            let passes =
                ["Limit", "Result", "LockRows", "Subquery Scan", "Unique"].contains(kind)
                || kind == "Nested Loop" && number == 0
            let isInRow = child.relationship == "Outer" || child.relationship == "Subquery"
            faults += child.wholeReads(
                facts, isCutShort: (kind == "Limit" || isCutShort) && passes && isInRow, of: read)
        }
        return faults
    }

    private func readsWhole(_ known: PlanFacts.Index?) -> Bool {
        guard let condition = indexCondition else { return known?.isPartial != true }
        guard let known, !known.isPartial, let first = known.columns.first, !first.isEmpty else {
            return false
        }
        // `(orders.user_id = $1)`, or without the table where nothing else is in the plan.
        let words = condition.split { !($0.isLetter || $0.isNumber || $0 == "_" || $0 == "\"") }
        return !words.contains { $0 == first }
    }

    private static func schema(of table: String) -> Substring { table.prefix { $0 != "." } }

    /// The sorts of which every key is a column of one table, with nothing between the two that makes new
    /// rows: an index on these columns could give the order.
    public var needlessSorts: [PlanFault] {
        var faults: [PlanFault] = []
        if kind == "Sort" || kind == "Incremental Sort", let (alias, columns) = sortedColumns,
            let scan = passingScans.first(where: { $0.alias == alias }), let table = scan.qualifiedTable
        {
            faults.append(
                PlanFault(
                    rule: .sort, table: table,
                    message: "sorts rows of \(table) by \(columns.joined(separator: ", "))"))
        }
        return faults + children.flatMap(\.needlessSorts)
    }

    /// `holdings.user_id`, `holdings.id DESC` of one alias; nil where a key is an expression or of another
    /// table.
    private var sortedColumns: (alias: String, columns: [String])? {
        var aliases: Set<String> = []
        var columns: [String] = []
        for key in sortKeys {
            guard let match = key.wholeMatch(of: /"?(\w+)"?\.("?\w+"?(?: DESC)?(?: NULLS (?:FIRST|LAST))?)/)
            else {
                return nil
            }
            aliases.insert(String(match.1))
            columns.append(String(match.2))
        }
        guard let alias = aliases.first, aliases.count == 1 else { return nil }
        return (alias, columns)
    }

    /// The scans whose rows come up to this node as they are, however they were joined.
    private var passingScans: [PlanNode] {
        children.filter { $0.relationship != "InitPlan" && $0.relationship != "SubPlan" }.flatMap { child in
            ["Aggregate", "Group", "WindowAgg", "ModifyTable", "SetOp", "Recursive Union"].contains(
                child.kind)
                ? [] : [child] + child.passingScans
        }
    }
}
