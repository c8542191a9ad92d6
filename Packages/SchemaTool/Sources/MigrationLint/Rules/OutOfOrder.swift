extension Rule {
    static let outOfOrder = Rule(
        "out-of-order",
        why: """
            A new migration that is older than one of the other commit runs after it where that has run, \
            and before it on a new database: two schemas from one folder.
            """,
        instead: "Give the file the present time as its version: `schema migrate new`.",
        bad: ["-- 20260101000000_new.up.sql, beside 20260201000000_released.up.sql of the other commit"],
        good: ["-- 20260301000000_new.up.sql"],
        check: .history)
}
