extension Rule {
    static let roleInMigration = Rule(
        "role-in-migration",
        why: """
            Roles belong to the whole cluster and not to a database: the second database of a cluster \
            fails, and a way back takes the role from all of them.
            """,
        instead: "Let `schema roles` make it: a context's name goes into migrations/contexts.",
        bad: ["CREATE ROLE lint_example NOLOGIN;"],
        good: ["CREATE SCHEMA journal;"],
        // The owner of the schema may not make roles.
        isBadRefused: true,
        check: .text(alsoDown: true) { file in
            let roles = ["role", "user", "group"]
            return file.statements.enumerated().compactMap { index, statement in
                switch statement.kind {
                case .create(let object) where roles.contains(object),
                    .drop(let object, _, _) where roles.contains(object):
                    Violation(statement: index, message: "a migration makes and drops no roles")
                case .other("alter role"), .other("alter user"), .other("alter group"):
                    Violation(statement: index, message: "a migration changes no roles")
                default: nil
                }
            }
        })
}
