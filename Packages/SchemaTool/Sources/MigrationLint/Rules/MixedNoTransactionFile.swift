extension Rule {
    static let mixedNoTransactionFile = Rule(
        "mixed-no-transaction-file",
        why: """
            Without a transaction each statement stays when a later one fails: the code meets half a \
            migration until somebody has mended the rest, though nearly all of it could be atomic.
            """,
        instead: """
            Leave in the file only what cannot run inside a transaction; the rest is a migration of its \
            own.
            """,
        bad: [
            """
            -- no-transaction
            CREATE TYPE portfolios.lot_origin AS ENUM ('purchase', 'gift');
            CREATE INDEX CONCURRENTLY lots_opened_at_idx ON portfolios.lots (user_id, opened_at);
            """
        ],
        good: [
            "CREATE TYPE portfolios.lot_origin AS ENUM ('purchase', 'gift');",
            """
            -- no-transaction
            CREATE INDEX CONCURRENTLY lots_opened_at_idx ON portfolios.lots (user_id, opened_at);
            """,
        ],
        check: .text(alsoDown: true) { file in
            let statements = file.statements.enumerated().filter {
                if case .set = $0.element.kind { false } else { true }
            }
            guard !file.runsInTransaction, statements.count > 1 else { return [] }
            return statements.compactMap { index, statement in
                guard statement.kind.wantsNoTransaction == nil else { return nil }
                // A block or a procedure may commit batch after batch; an enum value counts once committed.
                switch statement.kind {
                case .other("do"), .other("call"), .other("alter type"): return nil
                default:
                    return Violation(
                        statement: index,
                        message: "this statement stays in force when another one of the file fails")
                }
            }
        })
}
