/// Holds the plans of a run against the rules, and remembers which index was of use.
///
/// - A **scan** is a fault where the planner chose it for a large table, with or without values; and where it
///   is left though it was forbidden, whatever the size: then no index serves the condition.
/// - A **sort** is a fault where it is left though it was forbidden: then no index gives the order. One that
///   the planner likes better than the index it has is its own affair.
/// - An **index** is of use where a plan goes by it: one that the planner chose, or, for a table that is not
///   large, one that it is left with. A unique index keeps a rule and needs no other use.
public struct PlanJudgement: Sendable {
    private let facts: PlanFacts
    private var used: Set<String> = []

    public init(facts: PlanFacts) { self.facts = facts }

    /// The faults of all plans of one statement or foreign key.
    public mutating func faults(_ plans: [StatementExplanation.Look: PlanNode]) -> Set<PlanFault> {
        var faults: Set<PlanFault> = []
        for (look, plan) in plans {
            let isForced = look == .indexesOnly
            used.formUnion(plan.indexes.filter { !isForced || !isLarge(indexed: $0) })
            faults.formUnion(plan.wholeReads(facts).filter { isForced || facts.isLarge($0.table) })
            if isForced { faults.formUnion(plan.needlessSorts) }
        }
        return faults
    }

    /// The faults of a foreign key: it wants an index, and whether the planner likes it depends on how many
    /// rows refer to the one. Where a unique index serves it, it has no use for another one that is smaller.
    mutating func faults(
        of key: ReferencingRows, _ plans: [StatementExplanation.Look: PlanNode]
    ) -> [PlanFault] {
        let isServed = facts.indexes.values.contains { index in
            index.table == key.table && index.isUnique && !index.isPartial
                && Set(index.columns.prefix(key.columns.count)) == Set(key.columns)
        }
        if !isServed { for plan in plans.values { used.formUnion(plan.indexes) } }
        return plans[.indexesOnly]?.wholeReads(facts) ?? []
    }

    /// The indexes that nothing went by so far and that keep no rule, by name.
    public var unusedIndexes: [String] {
        facts.indexes.filter { !$0.value.isUnique && !$0.value.servesFunction && !used.contains($0.key) }
            .map(\.key).sorted()
    }

    private func isLarge(indexed name: String) -> Bool {
        facts.indexes[name].map { facts.isLarge($0.table) } ?? false
    }
}
