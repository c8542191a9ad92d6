extension Rule {
    static let breaksRunningCode = Rule(
        "breaks-running-code",
        why: """
            During a rollout the code of the commit before works on the new schema. Each statement of \
            its Queries is prepared on the migrated shadow; one that PostgreSQL refuses there fails in \
            production.
            """,
        instead: """
            Make the change so that both versions can run: add beside, move the code, drop in a later \
            release.
            """,
        bad: ["ALTER TABLE portfolios.lots RENAME COLUMN note TO remark;"],
        good: ["ALTER TABLE portfolios.lots ADD COLUMN remark text;"],
        check: .history)
}
