extension Rule {
    static let typeChange = Rule(
        "type-change",
        why: """
            A new type writes the whole table and its indexes anew while nobody can read it, and the \
            running code has decoded and sent the old one.
            """,
        instead: """
            Add a column of the new type, write both, fill the old rows, read the new one, and drop the \
            old one when no version reads it. Where the type only widens, waive the rule and say so.
            """,
        bad: ["ALTER TABLE portfolios.lots ALTER COLUMN quantity TYPE numeric(24,12);"],
        good: ["ALTER TABLE portfolios.lots ADD COLUMN exact_quantity numeric(24,12);"],
        check: .text(alsoDown: false) { file in
            file.alterations.compactMap { statement, table, action in
                guard case .setType(let column, let type) = action else { return nil }
                return Violation(
                    statement: statement,
                    message: "\(table).\(column) becomes \(type) under a lock and under the running code")
            }
        })
}
