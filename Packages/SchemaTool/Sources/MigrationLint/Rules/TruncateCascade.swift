extension Rule {
    static let truncateCascade = Rule(
        "truncate-cascade",
        why: "TRUNCATE … CASCADE empties every table that refers to this one, those of other contexts too.",
        instead: "Name every table that is to be empty, without CASCADE.",
        bad: ["TRUNCATE portfolios.portfolios CASCADE;"],
        good: ["TRUNCATE portfolios.lots;"],
        check: .text(alsoDown: true) { file in
            file.statements.enumerated().compactMap { index, statement in
                guard case .truncate(let tables, cascades: true) = statement.kind else { return nil }
                return Violation(
                    statement: index,
                    message: "whatever refers to \(tables.joined(separator: ", ")) is emptied with it")
            }
        })
}
