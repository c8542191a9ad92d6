extension Rule {
    static let vacuumFull = Rule(
        "vacuum-full",
        why: "VACUUM FULL and CLUSTER write the whole table anew while nobody can read it.",
        instead: "Leave it to autovacuum, or run pg_repack as an operator; a plain VACUUM stops nobody.",
        bad: ["-- no-transaction\nVACUUM FULL portfolios.lots;"],
        good: ["-- no-transaction\nVACUUM portfolios.lots;"],
        check: .text(alsoDown: true) { file in
            file.statements.enumerated().compactMap { index, statement in
                switch statement.kind {
                case .vacuum(isFull: true), .cluster:
                    Violation(statement: index, message: "the table is written anew while nobody can read it")
                default: nil
                }
            }
        })
}
