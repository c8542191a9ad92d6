extension Rule {
    static let notNullWithoutDefault = Rule(
        "not-null-without-default",
        why: """
            A new NOT NULL column without a default fails where the table has a row, and the code that \
            runs during a rollout does not name it in its INSERTs.
            """,
        instead: "Give it a constant DEFAULT, or add it nullable, fill it, and set NOT NULL later.",
        bad: ["ALTER TABLE portfolios.lots ADD COLUMN label text NOT NULL;"],
        good: ["ALTER TABLE portfolios.lots ADD COLUMN label text NOT NULL DEFAULT '';"],
        check: .text(alsoDown: false) { file in
            file.alterations.compactMap { statement, table, action in
                guard case .addColumn(let column) = action, column.isNotNull,
                    column.defaultExpression == nil, column.generation == nil, !column.isSerial
                else { return nil }
                return Violation(
                    statement: statement, line: column.line,
                    message: "\(column.name) has no value in the rows that \(table) has")
            }
        })
}

extension Statement.Column {
    /// Whether its type is a sequence in disguise.
    var isSerial: Bool {
        ["serial", "bigserial", "smallserial", "serial2", "serial4", "serial8"].contains(type)
    }
}
