/// What does not stand in the code at all.
extension Rule {
    static let words = [
        namesSayWhatTheyHold, uncheckedSendableIsProved, trapsStayOut, nothingIsLeftForLater,
        testsAreSwiftTestings, jsonIsCodedInOnePlace, daysAreExactTypes,
    ]

    /// The last word of a name is what the thing is. None of these is a thing: "common passwords" are.
    private static let vague =
        #"(?:^|[a-z0-9])(?:Util|Utils|Utility|Utilities|Common|Manager|Helper|Helpers|Base|Misc)$"#

    static let namesSayWhatTheyHold = Rule(name: "no name is vague") { tree in
        tree.files.filter { !$0.isGenerated }.flatMap { file in
            let ofPath = (file.folders + [file.stem]).filter { !$0.matches(of: vague).isEmpty }
                .map { Violation(file.path, "\($0) says nothing: name what it holds") }
            let declarations = file.source.code.matches(
                of: #"\b(?:class|struct|enum|actor|protocol|typealias)\s+(\w+)"#)
            let ofTypes = declarations.compactMap { line, name -> Violation? in
                guard let name, !name.matches(of: vague).isEmpty else { return nil }
                return Violation(file.path, line: line, "\(name) says nothing: name what it does")
            }
            return ofPath + ofTypes
        }
    }

    static let uncheckedSendableIsProved = Rule(name: "a comment proves every @unchecked Sendable") { tree in
        tree.files.filter { $0.source.code.contains("@unchecked") }.flatMap { file -> [Violation] in
            let code = file.source.code.split(separator: "\n", omittingEmptySubsequences: false)
            let comments = file.source.comments.split(separator: "\n", omittingEmptySubsequences: false)
            return code.indices.filter { code[$0].contains("@unchecked") }.compactMap { index in
                // Attributes may stand between the comment and the declaration.
                let above = code[..<index].lastIndex { !$0.drop(while: \.isWhitespace).hasPrefix("@") }
                let hasComment = above.map { !comments[$0].isEmpty } ?? false
                return hasComment ? nil : Violation(file.path, line: index + 1, "say above it why it is safe")
            }
        }
    }

    private static let traps = [
        Ban(#"\btry!"#, "handle the error, or throw it"),
        Ban(#"\bas!"#, "ask with as?, and say what is wrong"),
        Ban(#"\bfatalError\("#, "throw an error that says what is wrong"),
        Ban(#"\bnonisolated\(unsafe\)"#, "use an actor, a Mutex or a Sendable type"),
        Ban(#"\bThread\.sleep\b|\busleep\("#, "use Task.sleep: a blocked thread of the pool serves nobody"),
    ]

    static let trapsStayOut = Rule(name: "nothing in a package or a service traps or blocks by design") {
        tree in
        tree.files.filter { !$0.isGenerated && !$0.path.hasPrefix("Tests/") }.flatMap {
            $0.findings(of: traps)
        }
    }

    private static let later = [Ban(#"\b(?:TODO|FIXME)\b"#, "do it now, or open an issue")]

    static let nothingIsLeftForLater = Rule(name: "nothing is left for later") { tree in
        tree.files.flatMap { $0.findings(of: later, in: $0.source.comments) }
    }

    private static let days = [
        Ban(#"\b86_?400\b"#, "write .days(1), or ask CalendarDay or IANATimeZone for a day's start"),
        Ban(#"\bdaysSince1970\)?\s*[*%]"#, "ask CalendarDay for start, weekday or monday"),
        Ban(#"\buuid:\s*\(\s*(?:0|255),\s*(?:0|255)"#, "write .lowest or .highest"),
    ]

    /// The length of a day and the ends of identifiers are written down in one package; the driver counts in its own way.
    static let daysAreExactTypes = Rule(name: "days and the nil UUID are ExactTypes'") { tree in
        tree.files.filter { file in
            !file.isGenerated && !file.path.hasPrefix("Tests/")
                && !["ExactTypes", "DatabaseClient"].contains { file.path.hasPrefix("Packages/\($0)/") }
        }.flatMap { $0.findings(of: days) }
    }

    static let testsAreSwiftTestings = Rule(name: "tests are Swift Testing's") { tree in
        tree.files.flatMap { file in
            file.imports.filter { $0.module == "XCTest" }
                .map { Violation(file.path, line: $0.line, "import Testing instead") }
        }
    }

    private static let coders = [
        Ban(#"\bJSON(?:Encoder|Decoder)\b"#, "use JSONCoding, or JSONValue(parsing:) for what others wrote"),
        Ban(#"\bISO8601\w+|\.iso8601\b"#, "use Date(rfc3339:) and .rfc3339"),
    ]
    /// `schema` reads PostgreSQL's plans and prints answers; it stands below StrictJSON.
    private static let mayCodeJSON = [
        "Packages/StrictJSON/", "Packages/SchemaTool/", "Services/SchemaCommand/", "Tests/",
    ]

    static let jsonIsCodedInOnePlace = Rule(name: "JSON and moments are written in one way") { tree in
        tree.files.filter { file in
            !file.isGenerated && !mayCodeJSON.contains { file.path.hasPrefix($0) }
        }.flatMap { $0.findings(of: coders) }
    }
}
