extension Rule {
    static let backfillBesideDDL = Rule(
        "backfill-beside-ddl",
        why: """
            A change of the table keeps its lock until the transaction ends, so everybody waits until \
            the last row is written.
            """,
        instead: "Make the backfill a migration of its own, in batches where there are many rows.",
        bad: [
            """
            ALTER TABLE portfolios.lots ADD COLUMN label text;
            UPDATE portfolios.lots SET label = note WHERE note IS NOT NULL;
            """
        ],
        good: [
            "ALTER TABLE portfolios.lots ADD COLUMN label text;",
            "UPDATE portfolios.lots SET label = note WHERE note IS NOT NULL;",
        ],
        check: .text(alsoDown: true) { file in
            guard file.runsInTransaction else { return [] }
            var locked: String?
            return file.statements.enumerated().compactMap { index, statement in
                if let table = statement.kind.lockedTable, file.isInUse(table, before: index) {
                    locked = locked ?? table
                }
                guard let locked, case .write(let verb, let table) = statement.kind else { return nil }
                return Violation(
                    statement: index,
                    message: "this \(verb) of \(table) runs while the file holds its lock on \(locked)")
            }
        })
}

extension Statement.Kind {
    /// The table whose readers or writers wait for the statement.
    var lockedTable: String? {
        switch self {
        case .alterTable(let table, let actions):
            let onlyValidates = actions.allSatisfy {
                if case .validateConstraint = $0 { true } else { false }
            }
            return onlyValidates ? nil : table
        case .createIndex(_, let table, isConcurrent: false), .createTrigger(let table): return table
        case .drop(object: "table", let names, _): return names.first
        case .truncate(let names, _): return names.first
        case .rename(let what, let name, isOfTable: true):
            return what == "column" ? String(name[..<(name.lastIndex(of: ".") ?? name.endIndex)]) : name
        default: return nil
        }
    }
}
