extension Rule {
    static let missingLockTimeout = Rule(
        "missing-lock-timeout",
        why: """
            While a statement waits for its lock, everybody else queues behind it, for as long as the longest \
            transaction lasts. The runner sets lock_timeout and tries again; a file that takes the timeout away \
            waits without an end.
            """,
        instead: "Leave lock_timeout to the runner.",
        bad: [
            """
            SET LOCAL lock_timeout = 0;
            ALTER TABLE portfolios.lots ADD COLUMN label text;
            """
        ],
        good: ["ALTER TABLE portfolios.lots ADD COLUMN label text;"],
        check: .text(alsoDown: true) { file in
            let off = ["default", "0", "'0'", "'0s'", "'0ms'"]
            return file.statements.enumerated().compactMap { index, statement in
                guard case .set(let name, let value) = statement.kind,
                    name == "lock_timeout" && off.contains(value) || name == "all"
                else { return nil }
                return Violation(statement: index, message: "this takes the runner's lock_timeout away")
            }
        })
}
