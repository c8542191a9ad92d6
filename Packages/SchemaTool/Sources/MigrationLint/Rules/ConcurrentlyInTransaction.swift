extension Rule {
    static let concurrentlyInTransaction = Rule(
        "concurrently-in-transaction",
        why: """
            What works in several transactions of its own (CONCURRENTLY, VACUUM) fails inside of one, \
            and the runner puts a transaction around every file that does not say otherwise.
            """,
        instead: "Give it a file of its own that says `-- no-transaction`.",
        bad: ["CREATE INDEX CONCURRENTLY lots_opened_at_idx ON portfolios.lots (user_id, opened_at);"],
        good: [
            """
            -- no-transaction
            CREATE INDEX CONCURRENTLY lots_opened_at_idx ON portfolios.lots (user_id, opened_at);
            """
        ],
        isBadRefused: true,
        check: .text(alsoDown: true) { file in
            guard file.runsInTransaction else { return [] }
            return file.statements.enumerated().compactMap { index, statement in
                guard let what = statement.kind.wantsNoTransaction else { return nil }
                return Violation(statement: index, message: "PostgreSQL refuses \(what) inside a transaction")
            }
        })
}

extension Statement.Kind {
    /// What of the statement cannot run inside a transaction, in words.
    var wantsNoTransaction: String? {
        switch self {
        case .createIndex(_, _, isConcurrent: true): "CREATE INDEX CONCURRENTLY"
        case .dropIndex(_, isConcurrent: true): "DROP INDEX CONCURRENTLY"
        case .reindex(_, _, isConcurrent: true): "REINDEX CONCURRENTLY"
        case .reindex(let object, _, _) where ["schema", "database", "system"].contains(object):
            "REINDEX \(object.uppercased())"
        case .alterTable(_, let actions)
        where actions.contains { if case .detachPartition(isConcurrent: true) = $0 { true } else { false } }:
            "DETACH PARTITION CONCURRENTLY"
        case .vacuum: "VACUUM"
        case .create(object: "database"), .drop(object: "database", _, _): "CREATE or DROP DATABASE"
        default: nil
        }
    }
}
