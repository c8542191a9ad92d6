extension Rule {
    static let userIDUpdate = Rule(
        "user-id-update",
        why: """
            A row is stored by its user_id. A distributed table refuses to change it, for the row would \
            have to move to another node.
            """,
        instead: "Insert the row for the other user and delete this one.",
        bad: ["UPDATE portfolios.lots SET user_id = portfolio_id;"],
        good: ["UPDATE portfolios.lots SET note = NULL;"],
        check: .text(alsoDown: true) { file in
            file.statements.enumerated().compactMap { index, statement in
                guard let column = statement.updatedUserID else { return nil }
                return Violation(
                    statement: index, line: column.line, message: "this changes the user of a row")
            }
        })
}

extension Statement {
    /// Where the statement assigns to `user_id` of a row that is there.
    var updatedUserID: Token? {
        switch kind {
        case .write, .other("insert"), .other("with"):
            tokens.assignedColumns.first { $0.text == "user_id" }
        default: nil
        }
    }
}
