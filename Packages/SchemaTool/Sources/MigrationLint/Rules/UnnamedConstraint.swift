extension Rule {
    static let unnamedConstraint = Rule(
        "unnamed-constraint",
        why: """
            The program turns a violated constraint into a sentence by its name, and statements say ON \
            CONFLICT ON CONSTRAINT; a name that PostgreSQL makes up is neither chosen nor stable.
            """,
        instead: """
            Write CONSTRAINT table_columns_kind before it (kind: pkey, key, fkey, check), or name the \
            index.
            """,
        bad: ["ALTER TABLE portfolios.lots ADD CHECK (quantity > 0) NOT VALID;"],
        good: [
            "ALTER TABLE portfolios.lots ADD CONSTRAINT lots_quantity_check CHECK (quantity > 0) NOT VALID;"
        ],
        check: .text(alsoDown: false) { file in
            file.statements.enumerated().flatMap { index, statement -> [Violation] in
                let constraints: [Statement.Constraint]
                switch statement.kind {
                case .createIndex(name: nil, let table, _):
                    return [Violation(statement: index, message: "this index of \(table) has no name")]
                case .createTable(let table) where !table.name.hasPrefix("pg_temp."):
                    constraints = table.constraints + table.columns.flatMap(\.constraints)
                case .alterTable(_, let actions):
                    constraints = actions.flatMap { action -> [Statement.Constraint] in
                        switch action {
                        case .addColumn(let column): column.constraints
                        case .addConstraint(let constraint): [constraint]
                        default: []
                        }
                    }
                default: constraints = []
                }
                return constraints.filter { $0.name == nil }.map {
                    Violation(
                        statement: index, line: $0.line, message: "this \($0.kind.rawValue) has no name")
                }
            }
        })
}
