extension Rule {
    static let indexNotConcurrent = Rule(
        "index-not-concurrent",
        why: """
            CREATE INDEX stops every write to the table until it has read all of it; DROP INDEX and \
            REINDEX stop the reads as well.
            """,
        instead: "Write CONCURRENTLY, alone in a file that says `-- no-transaction`.",
        bad: ["CREATE INDEX lots_opened_at_idx ON portfolios.lots (user_id, opened_at);"],
        good: [
            """
            -- no-transaction
            CREATE INDEX CONCURRENTLY lots_opened_at_idx ON portfolios.lots (user_id, opened_at);
            """
        ],
        check: .text(alsoDown: true) { file in
            file.statements.enumerated().compactMap { index, statement in
                switch statement.kind {
                case .createIndex(_, let table, isConcurrent: false) where file.isInUse(table, before: index):
                    return Violation(
                        statement: index, message: "this index is made while nobody can write to \(table)")
                case .dropIndex(let names, isConcurrent: false):
                    let inUse = names.filter {
                        file.table(ofIndex: $0).map { file.isInUse($0, before: index) } ?? true
                    }
                    guard let name = inUse.first else { return nil }
                    return Violation(
                        statement: index,
                        message: "\(name) is dropped under a lock that stops every read of its table")
                case .reindex(let object, let name, isConcurrent: false):
                    let table = object == "index" ? file.table(ofIndex: name) : name
                    guard table.map({ file.isInUse($0, before: index) }) ?? true else { return nil }
                    return Violation(
                        statement: index,
                        message: "\(name.isEmpty ? object : name) is built anew while nobody can write to it")
                default: return nil
                }
            }
        })
}
