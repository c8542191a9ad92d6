extension Rule {
    static let dropWithoutContract = Rule(
        "drop-without-contract",
        why: """
            The data is gone, and the version that still runs names what is dropped. It goes last: in a \
            migration that ships when no running version reads or writes it.
            """,
        instead: """
            Take it out of every statement first; then drop it under a line `-- contract: since which \
            release nothing uses it`.
            """,
        bad: ["ALTER TABLE portfolios.lots DROP COLUMN note;"],
        good: [
            """
            -- contract: no statement names note since release 41
            ALTER TABLE portfolios.lots DROP COLUMN note;
            """
        ],
        check: .text(alsoDown: false) { file in
            file.statements.enumerated().flatMap { index, statement -> [Violation] in
                guard !statement.hasContract else { return [] }
                let dropped: [String]
                switch statement.kind {
                case .drop(let object, let names, _)
                where ["table", "schema", "materialized view", "foreign table"].contains(object):
                    dropped = names.filter { file.isInUse($0, before: index) }.map { "\(object) \($0)" }
                case .alterTable(let table, let actions) where file.isInUse(table, before: index):
                    dropped = actions.compactMap {
                        if case .dropColumn(let column) = $0 { "column \(table).\(column)" } else { nil }
                    }
                default: dropped = []
                }
                return dropped.map {
                    Violation(statement: index, message: "the \($0) goes with all its data")
                }
            }
        })
}

extension Statement {
    /// Whether `-- contract: why` stands above it.
    fileprivate var hasContract: Bool {
        comments.contains { $0.text.wholeMatch(of: /--\s*contract:\s*\S.*/) != nil }
    }
}
