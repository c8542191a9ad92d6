extension Rule {
    static let hiddenDDL = Rule(
        "hidden-ddl",
        why: """
            Inside a DO block a statement is text that no rule can read: neither its lock nor the data \
            that it loses is seen before it runs.
            """,
        instead: """
            Write the statement itself; where names are computed, compute them once and write the result \
            down.
            """,
        bad: ["DO $$ BEGIN ALTER TABLE portfolios.lots ADD COLUMN label text; END $$;"],
        good: ["ALTER TABLE portfolios.lots ADD COLUMN label text;"],
        check: .text(alsoDown: true) { file in
            let change =
                #/\b(alter|drop|truncate|create\s+(unique\s+)?index|create\s+trigger|vacuum|cluster)\s/#
                .ignoresCase()
            return file.statements.enumerated().compactMap { index, statement in
                guard case .other("do") = statement.kind,
                    let match = statement.tokens.lazy.filter({ $0.kind == .string })
                        .compactMap({ $0.text.firstMatch(of: change) }).first
                else { return nil }
                return Violation(
                    statement: index, message: "this block hides \(match.1.uppercased()) from the rules")
            }
        })
}
