extension Rule {
    static let unqualifiedName = Rule(
        "unqualified-name",
        why: """
            Without its namespace a table is looked for along the search_path of whoever runs the file, \
            and a new one belongs to no context.
            """,
        instead: "Write the namespace: portfolios.lots.",
        bad: ["CREATE TABLE tags (id uuid NOT NULL, CONSTRAINT tags_pkey PRIMARY KEY (id));"],
        good: ["CREATE TABLE portfolios.tags (id uuid NOT NULL, CONSTRAINT tags_pkey PRIMARY KEY (id));"],
        // Nobody but the superuser may create in public, where the search_path leads.
        isBadRefused: true,
        check: .text(alsoDown: true) { file in
            file.statements.enumerated().compactMap { index, statement in
                let names: [String]
                switch statement.kind {
                case .createTable(let table): names = [table.name]
                case .alterTable(let table, _), .createIndex(_, let table, _), .createTrigger(let table):
                    names = [table]
                case .drop(let object, let dropped, _) where ["table", "view", "type"].contains(object):
                    names = dropped
                case .set(name: "search_path", _):
                    return Violation(
                        statement: index, message: "names are written out; nothing depends on search_path")
                default: return nil
                }
                guard let bare = names.first(where: { !$0.contains(".") }) else { return nil }
                return Violation(statement: index, message: "\(bare) is named without its namespace")
            }
        })
}
