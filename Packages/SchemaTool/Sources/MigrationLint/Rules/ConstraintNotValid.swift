extension Rule {
    static let constraintNotValid = Rule(
        "constraint-not-valid",
        why: """
            A CHECK or FOREIGN KEY is held against every row while nobody can write to the table, and \
            with a foreign key nobody to the table it refers to.
            """,
        instead: "Add it NOT VALID, and VALIDATE CONSTRAINT in the next migration, which only reads.",
        bad: [
            """
            ALTER TABLE portfolios.lots ADD CONSTRAINT lots_quantity_check CHECK (quantity > 0);
            """
        ],
        good: [
            "ALTER TABLE portfolios.lots ADD CONSTRAINT lots_quantity_check CHECK (quantity > 0) NOT VALID;",
            "ALTER TABLE portfolios.lots VALIDATE CONSTRAINT lots_quantity_check;",
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
                    ($0.kind == .check || $0.kind == .foreignKey) && !$0.isNotValid
                }.map { constraint in
                    Violation(
                        statement: statement, line: constraint.line,
                        message: "this \(constraint.kind.rawValue) reads all of \(table) under a lock")
                }
            }
        })
}
