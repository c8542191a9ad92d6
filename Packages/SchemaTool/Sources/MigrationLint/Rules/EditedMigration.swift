extension Rule {
    static let editedMigration = Rule(
        "edited-migration",
        why: """
            A migration that another commit has may have run somewhere. The database keeps the checksum \
            of what ran, and `schema migrate up` stops at a file that says something else.
            """,
        instead: "Take the change back, and make it in a new migration.",
        bad: ["-- an .up.sql file of the other commit, with another text"],
        good: ["-- a new file with a later version"],
        check: .history)
}
