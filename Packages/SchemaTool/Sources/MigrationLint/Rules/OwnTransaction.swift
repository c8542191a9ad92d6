extension Rule {
    static let ownTransaction = Rule(
        "own-transaction",
        why: """
            The runner commits the file together with its row in the history; a COMMIT in between leaves \
            a schema that the history does not know. The runner refuses such a file too.
            """,
        instead: "Leave it out; a file that cannot have a transaction says `-- no-transaction`.",
        bad: [
            """
            ALTER TABLE portfolios.lots ADD COLUMN label text;
            COMMIT;
            """
        ],
        good: ["ALTER TABLE portfolios.lots ADD COLUMN label text;"],
        isBadRefused: true,
        check: .text(alsoDown: true) { file in
            file.statements.enumerated().compactMap { index, statement in
                guard case .transaction(let word) = statement.kind else { return nil }
                return Violation(
                    statement: index, message: "\(word.uppercased()) is not for the file to say")
            }
        })
}
