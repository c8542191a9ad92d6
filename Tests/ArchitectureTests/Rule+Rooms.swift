/// The rooms inside a package: what may happen in which.
extension Rule {
    static let rooms = [rulesArePure, statementsStandInQueries]

    /// What a rule must not read for itself, and what it takes instead.
    private static let impure: [(pattern: String, instead: String)] = [
        (#"\bDate\(\)|\bDate\.now\b|:\s*\.now\b|\(\.now\b|Clock\(\)"#, "take the moment as a parameter"),
        (#"\bUUID\(\)|\bversion7\("#, "take the identifier as a parameter"),
        (
            #"\brandom\(in:[^,)]*\)|\bshuffled\(\)|\brandomElement\(\)|\bSystemRandomNumberGenerator\b"#,
            "take the random number, or its generator, as a parameter"
        ),
        (#"\bTask\b|\bawait\b|\basync\b"#, "a rule is a plain function; the use case waits"),
        (#"\bProcessInfo\b|\bgetenv\b"#, "take the setting as a parameter"),
        (#"\bFileManager\b|\bFileHandle\b|\bURLSession\b|\bprint\("#, "the use case does the I/O"),
    ]

    static let rulesArePure = Rule(
        name: "rules import SharedTypes and Foundation, and take everything as values"
    ) { tree in
        tree.files(in: "Packages/").filter { $0.folders.contains("Rules") }.flatMap { file in
            let imports = file.imports.filter { !["SharedTypes", "Foundation"].contains($0.module) }
                .map { Violation(file.path, line: $0.line, "a rule imports \($0.module)") }
            return imports + file.findings(of: impure)
        }
    }

    static let statementsStandInQueries = Rule(
        name: "SQL stands in Queries, and never in a service or a module"
    ) { tree in
        let places = ["Services/", "Packages/ServiceKit/"] + Layering.contexts.map { "Packages/\($0)/" }
        return tree.files.filter { file in
            !file.isGenerated && places.contains { file.path.hasPrefix($0) }
        }.flatMap { file in
            file.literalLines.filter { _, text in
                text.contains(
                    /\bSELECT\s.*\bFROM\s|\bINSERT INTO\s|\bUPDATE\s+[\w.]+\s+SET\s|\bDELETE FROM\s/)
                    || text.contains(
                        /\b(CREATE|ALTER|DROP|TRUNCATE) (TABLE|SCHEMA|ROLE|FUNCTION|VIEW|TYPE)\b/)
            }.map {
                Violation(file.path, line: $0.line, "has SQL in it; name the statement in Queries/*.sql")
            }
        }
    }
}
