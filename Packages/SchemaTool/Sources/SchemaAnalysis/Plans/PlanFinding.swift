/// What is wrong with the plans of a statement, with a foreign key's, or with an index.
public struct PlanFinding: Sendable, Hashable, Codable {
    /// The statement's place, `Packages/Market/Queries/bars.sql:12`; nil for what has none.
    public let place: String?
    /// `Market.listBars`, or the name of a foreign key or an index.
    public let subject: String
    /// `scan`, `sort`, `waiver`, `index` or `error`.
    public let rule: String
    public let message: String
    /// What to do.
    public let instead: String
    /// The plan in one line, where there is one.
    public let plan: String
}

extension PlanFinding: CustomStringConvertible {
    public var description: String {
        (place.map { "\($0): " } ?? "") + "\(rule): \(subject) \(message)"
            + (plan.isEmpty ? "" : "\n    \(plan)")
            + "\n    → \(instead)"
    }
}

extension PlanFinding: Comparable {
    public static func < (left: PlanFinding, right: PlanFinding) -> Bool {
        (left.place ?? "~", left.subject, left.rule, left.message)
            < (right.place ?? "~", right.subject, right.rule, right.message)
    }
}
