extension Rule {
    static let storedColumn = Rule(
        "stored-column",
        why: """
            A column GENERATED … STORED, an identity column or a serial has a value in every row, so all \
            of the table is written anew while nobody can read it.
            """,
        instead: "Add a plain column that the program writes, fill it in batches; or compute it in a view.",
        bad: [
            """
            ALTER TABLE portfolios.lots
                ADD COLUMN doubled numeric(38,18) GENERATED ALWAYS AS (quantity * 2) STORED;
            """
        ],
        good: ["ALTER TABLE portfolios.lots ADD COLUMN doubled numeric(38,18);"],
        check: .text(alsoDown: false) { file in
            file.alterations.compactMap { statement, table, action in
                guard case .addColumn(let column) = action, column.generation != nil || column.isSerial
                else { return nil }
                return Violation(
                    statement: statement, line: column.line,
                    message: "\(column.name) is computed for every row, so all of \(table) is written anew")
            }
        })
}
