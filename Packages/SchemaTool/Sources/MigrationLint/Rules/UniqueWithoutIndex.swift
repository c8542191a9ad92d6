extension Rule {
    static let uniqueWithoutIndex = Rule(
        "unique-without-index",
        why: "UNIQUE, PRIMARY KEY and EXCLUDE build their index while nobody can read or write the table.",
        instead: """
            Make a unique index CONCURRENTLY first, and add the constraint USING INDEX in the next \
            migration; EXCLUDE has no such way: make it together with its table.
            """,
        bad: ["ALTER TABLE portfolios.lots ADD CONSTRAINT lots_opened_at_key UNIQUE (user_id, opened_at);"],
        good: [
            """
            -- no-transaction
            CREATE UNIQUE INDEX CONCURRENTLY lots_opened_at_key ON portfolios.lots (user_id, opened_at);
            """,
            """
            ALTER TABLE portfolios.lots
                ADD CONSTRAINT lots_opened_at_key UNIQUE USING INDEX lots_opened_at_key;
            """,
        ],
        check: .text(alsoDown: false) { file in
            file.alterations.flatMap { statement, table, action in
                let constraints: [Statement.Constraint] =
                    switch action {
                    case .addConstraint(let constraint): [constraint]
                    case .addColumn(let column): column.constraints
                    default: []
                    }
                return constraints.filter {
                    [.unique, .primaryKey, .exclude].contains($0.kind) && !$0.usesIndex
                }.map { constraint in
                    Violation(
                        statement: statement, line: constraint.line,
                        message:
                            "this \(constraint.kind.rawValue) builds an index while nobody can read \(table)")
                }
            }
        })
}
