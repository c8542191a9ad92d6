extension Rule {
    static let rename = Rule(
        "rename",
        why: """
            The version that still runs names the old one: every statement of it fails from the commit \
            on until the last instance is replaced.
            """,
        instead: """
            Add the new one beside it, write both, move the readers, and drop the old one in a contract \
            migration. An enum value: add one with ADD VALUE.
            """,
        bad: ["ALTER TABLE portfolios.lots RENAME COLUMN note TO remark;"],
        good: ["ALTER TABLE portfolios.lots ADD COLUMN remark text;"],
        check: .text(alsoDown: false) { file in
            let harmless = ["index", "policy", "trigger", "role", "user", "statistics", "rule"]
            return file.statements.enumerated().compactMap { index, statement in
                guard case .rename(let what, let name, let isOfTable) = statement.kind,
                    !harmless.contains(what)
                else { return nil }
                let table =
                    what == "column" ? String(name[..<(name.lastIndex(of: ".") ?? name.endIndex)]) : name
                if isOfTable && !file.isInUse(table, before: index) { return nil }
                return Violation(
                    statement: index, message: "the running code knows the \(what) \(name) by its old name")
            }
        })
}
