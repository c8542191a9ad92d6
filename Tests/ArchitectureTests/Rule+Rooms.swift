/// The rooms inside a package: what may happen in which.
extension Rule {
    static let rooms = [
        rulesArePure, momentsAreGiven, statementsStandInQueries, contextsHaveTheSameRooms,
        useCasesAreNamedAfterTheirFile, routesCallNoStatement, generatedRowsAreNoAnswers,
    ]

    /// What a rule must not read for itself, and what it takes instead.
    private static let impure = [
        Ban(#"\bDate\(\)|\bDate\.now\b|[=:(,]\s*\.now\b|\b\w+Clock\(\)"#, "take the moment as a parameter"),
        Ban(#"\bUUID\(\)|\bversion7\("#, "take the identifier as a parameter"),
        Ban(
            #"\brandom\(in:[^,)]*\)|\bshuffled\(\)|\brandomElement\(\)|\bSystemRandomNumberGenerator\b"#,
            "take the random number, or its generator, as a parameter"),
        Ban(#"\bTask\b|\bawait\b|\basync\b"#, "a rule is a plain function; the use case waits"),
        Ban(#"\bProcessInfo\b|\bgetenv\b"#, "take the setting as a parameter"),
        Ban(#"\bFileManager\b|\bFileHandle\b|\bURLSession\b|\bprint\("#, "the use case does the I/O"),
    ]

    /// What a rule may import; of swift-collections what only holds values, and of Mail its addresses: a rule that does not
    /// wait can send nothing.
    private static let pureModules: Set<String> = [
        "StrictJSON", "ExactTypes", "SharedTypes", "Foundation", "HeapModule", "Mail",
    ]

    static let rulesArePure = Rule(name: "a rule imports what holds values alone, and takes values") {
        tree in
        tree.files(in: "Packages/").filter { $0.folders.contains("Rules") }.flatMap { file in
            let imports = file.imports.filter { !pureModules.contains($0.module) }
                .map { Violation(file.path, line: $0.line, "a rule imports \($0.module)") }
            return imports + file.findings(of: impure)
        }
    }

    private static let ownClock = [
        Ban(
            #"\bDate\(\)|\bDate\.now\b|\bDate\??\s*=\s*\.now\b"#,
            "take the operation's moment, or the module's clock")
    ]

    /// Else a test cannot set the clock, and what one request writes has several moments.
    static let momentsAreGiven = Rule(name: "no use case, route or consumer reads the machine's clock") {
        tree in
        let rooms: Set<String> = ["UseCases", "Routes", "Consumers"]
        return tree.files.filter { file in
            file.folders.count > 1 && Layering.contexts.contains(file.folders[1])
                && !rooms.isDisjoint(with: file.folders)
        }.flatMap { $0.findings(of: ownClock) }
    }

    private static let statement = [
        #"\bSELECT\s[\s\S]*?\bFROM\s"#, #"\bINSERT INTO\s"#, #"\bUPDATE\s+[\w.]+\s+SET\s"#,
        #"\bDELETE FROM\s"#,
        #"\b(?:CREATE|ALTER|DROP|TRUNCATE) (?:TABLE|SCHEMA|ROLE|FUNCTION|VIEW|TYPE|DATABASE)\b"#,
    ].map { Ban($0, "name the statement in Queries/*.sql") }

    static let statementsStandInQueries = Rule(name: "no SQL in a service or a module: it stands in Queries")
    { tree in
        let places = ["Services/", "Packages/ServiceKit/"] + Layering.contexts.map { "Packages/\($0)/" }
        return tree.files.filter { file in
            !file.isGenerated && places.contains { file.path.hasPrefix($0) }
        }.flatMap { $0.findings(of: statement, in: $0.source.literals) }
    }
}
