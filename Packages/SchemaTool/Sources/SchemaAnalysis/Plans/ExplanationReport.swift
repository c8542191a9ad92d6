extension RepositoryExplanation.Outcome {
    /// The whole run as Markdown: the findings, then statement, plan and index, then the foreign keys.
    public var report: String {
        var lines = ["# Plans", "", summary, ""]
        if !findings.isEmpty {
            lines +=
                ["## Findings", ""] + findings.map { "- `\($0.rule)` \($0.subject): \($0.message)" } + [""]
        }
        lines += ["## Statements", "", "| statement | role | plan | indexes |", "|---|---|---|---|"]
        for statement in statements {
            let generic = statement.plans[.generic]
            var plan = generic.map(\.line) ?? ""
            if let busiest = statement.plans[.busiest], busiest.line != plan {
                plan += "; for the busiest user \(busiest.line)"
            }
            let used = Set(statement.plans.filter { $0.key != .indexesOnly }.values.flatMap(\.indexes))
            lines.append(
                "| \(statement.title) | \(statement.role) | \(Self.cell(plan)) | "
                    + "\(used.sorted().joined(separator: ", ")) |"
            )
        }
        if !foreignKeys.isEmpty {
            lines += [
                "", "## Foreign keys", "", "| foreign key | plan of its check or cascade |", "|---|---|",
            ]
            lines += foreignKeys.map { "| \($0.name) | \(Self.cell($0.plan.line)) |" }
        }
        lines += ["", "## Tables", "", "| table | rows | pages | |", "|---|---|---|---|"]
        for (name, table) in facts.tables.sorted(by: { $0.key < $1.key }) {
            lines.append(
                "| \(name) | \(table.rows) | \(table.pages) | \(facts.isLarge(name) ? "large" : "") |")
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// One paragraph: what was looked at.
    public var summary: String {
        let texts = Set(statements.map { "\($0.module).\($0.query.name)" }).count
        let plans = statements.reduce(0) { $0 + $1.plans.count }
        let large = facts.tables.keys.count { facts.isLarge($0) }
        return
            "\(texts) statements in \(statements.count) texts and \(foreignKeys.count) foreign keys, \(plans) plans; "
            + "\(large) of \(facts.tables.count) tables are large (over \(facts.largePages) pages), with "
            + "\(facts.tables.values.reduce(0) { $0 + $1.rows }) rows in all; "
            + (copies.isEmpty ? "" : "\(copies.count) COPY without a plan; ")
            + "\(findings.count) \(findings.count == 1 ? "finding" : "findings")."
    }

    private static func cell(_ text: String) -> String { text.replacing("|", with: "\\|") }
}
