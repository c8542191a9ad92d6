extension Rule {
    static let validateInSameFile = Rule(
        "validate-in-same-file",
        why: """
            The lock of ADD CONSTRAINT stays until the transaction ends, so a VALIDATE beside it reads \
            the whole table under the lock that NOT VALID was to avoid.
            """,
        instead: "Move VALIDATE CONSTRAINT into the next migration.",
        bad: [
            """
            ALTER TABLE portfolios.lots ADD CONSTRAINT lots_quantity_check CHECK (quantity > 0) NOT VALID;
            ALTER TABLE portfolios.lots VALIDATE CONSTRAINT lots_quantity_check;
            """
        ],
        good: [
            "ALTER TABLE portfolios.lots ADD CONSTRAINT lots_quantity_check CHECK (quantity > 0) NOT VALID;",
            "ALTER TABLE portfolios.lots VALIDATE CONSTRAINT lots_quantity_check;",
        ],
        check: .text(alsoDown: false) { file in
            guard file.runsInTransaction else { return [] }
            let alterations = file.alterations
            return alterations.enumerated().compactMap { index, one in
                guard case .validateConstraint(let name) = one.action else { return nil }
                let locked = alterations[..<index].contains { before in
                    guard before.table == one.table else { return false }
                    if case .validateConstraint = before.action { return false }
                    return true
                }
                guard locked else { return nil }
                return Violation(
                    statement: one.statement,
                    message: "\(name) is validated while this file holds its lock on \(one.table)")
            }
        })
}
