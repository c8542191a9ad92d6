extension Rule {
    static let dropNotNull = Rule(
        "drop-not-null",
        why: """
            The running code decodes the column as one that always has a value, and fails on the first \
            NULL.
            """,
        instead: """
            Ship first the code that reads a NULL, from a query that says so; then drop NOT NULL, with a \
            waiver that names the release.
            """,
        bad: ["ALTER TABLE portfolios.lots ALTER COLUMN quantity DROP NOT NULL;"],
        good: ["ALTER TABLE portfolios.lots ADD COLUMN measured_quantity numeric(38,18);"],
        check: .text(alsoDown: false) { file in
            file.alterations.compactMap { statement, table, action in
                guard case .dropNotNull(let column) = action else { return nil }
                return Violation(
                    statement: statement,
                    message: "the running code takes \(table).\(column) to be never NULL")
            }
        })
}
