extension Rule {
    static let setNotNull = Rule(
        "set-not-null",
        why: """
            SET NOT NULL reads the whole table while nobody can read or write it, unless a validated \
            CHECK already proves that there is no NULL.
            """,
        instead: """
            Add CHECK (column IS NOT NULL) NOT VALID, validate it in the next migration, SET NOT NULL in \
            the one after, and drop the CHECK there.
            """,
        bad: ["ALTER TABLE portfolios.lots ALTER COLUMN note SET NOT NULL;"],
        good: [
            "ALTER TABLE portfolios.lots ADD CONSTRAINT lots_note_check CHECK (note IS NOT NULL) NOT VALID;",
            "ALTER TABLE portfolios.lots VALIDATE CONSTRAINT lots_note_check;",
            """
            ALTER TABLE portfolios.lots ALTER COLUMN note SET NOT NULL;
            ALTER TABLE portfolios.lots DROP CONSTRAINT lots_note_check;
            """,
        ],
        check: .text(alsoDown: false) { file in
            file.alterations.compactMap { statement, table, action in
                guard case .setNotNull(let column) = action,
                    !file.schema.provesNotNull(column, of: table)
                else { return nil }
                return Violation(
                    statement: statement,
                    message: "all of \(table) is read under a lock, to look for a NULL in \(column)")
            }
        })
}
