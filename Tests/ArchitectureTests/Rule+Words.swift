/// What does not stand in the code at all.
extension Rule {
    static let words = [
        namesSayWhatTheyHold, uncheckedSendableIsProved, unsafeWordsStayOut, nothingIsLeftForLater,
        testsAreSwiftTestings,
    ]

    private static let vague: Set<String> = [
        "Util", "Utils", "Utility", "Utilities", "Common", "Manager", "Helper", "Helpers", "Base", "Misc",
    ]

    static let namesSayWhatTheyHold = Rule(name: "no name is vague") { tree in
        let declaration = /\b(?:class|struct|enum|actor|protocol|typealias)\s+(\w+)/
        return tree.files.filter { !$0.isGenerated }.flatMap { file in
            let ofPath = (file.folders + [file.stem]).filter { $0.hasWord(of: vague) }
                .map { Violation(file.path, "\($0) says nothing: name what it holds") }
            let ofTypes = file.codeLines.flatMap { line, code in
                code.matches(of: declaration).map(\.1).filter { String($0).hasWord(of: vague) }
                    .map { Violation(file.path, line: line, "\($0) says nothing: name what it does") }
            }
            return ofPath + ofTypes
        }
    }

    static let uncheckedSendableIsProved = Rule(name: "a comment proves every @unchecked Sendable") { tree in
        tree.files.flatMap { file in
            let comments = file.source.comments.split(separator: "\n", omittingEmptySubsequences: false)
            let code = file.codeLines
            return code.filter { $0.code.contains("@unchecked") }.compactMap { line, _ in
                // Attributes may stand between the comment and the declaration.
                let above = code.prefix(line - 1).last { !$0.code.trimmed.hasPrefix("@") }
                let hasComment = above.map { !comments[$0.line - 1].isEmpty } ?? false
                return hasComment ? nil : Violation(file.path, line: line, "say above it why it is safe")
            }
        }
    }

    private static let unsafe: [(pattern: String, instead: String)] = [
        (#"\btry!"#, "handle the error, or throw it"),
        (#"\bas!"#, "ask with as?, and say what is wrong"),
        (#"\bfatalError\("#, "throw an error that says what is wrong"),
        (#"\bnonisolated\(unsafe\)"#, "use an actor, a Mutex or a Sendable type"),
        (#"\bThread\.sleep\b|\busleep\("#, "use Task.sleep: a blocked thread of the pool serves nobody"),
    ]

    static let unsafeWordsStayOut = Rule(name: "nothing in a package or a service can trap by design") {
        tree in
        tree.files.filter { !$0.isGenerated && !$0.path.hasPrefix("Tests/") }.flatMap {
            $0.findings(of: unsafe)
        }
    }

    static let nothingIsLeftForLater = Rule(name: "nothing is left for later") { tree in
        tree.files.flatMap { file in
            file.source.comments.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
                .filter { $1.contains(/\b(TODO|FIXME|XXX|HACK)\b/) }
                .map { Violation(file.path, line: $0.offset + 1, "do it now, or open an issue") }
        }
    }

    static let testsAreSwiftTestings = Rule(name: "tests are Swift Testing's") { tree in
        tree.files.flatMap { file in
            file.imports.filter { $0.module == "XCTest" }
                .map { Violation(file.path, line: $0.line, "import Testing instead") }
        }
    }
}

extension SourceTree.File {
    /// Every line of the code in which one of the patterns stands.
    func findings(of bans: [(pattern: String, instead: String)]) -> [Violation] {
        bans.flatMap { ban -> [Violation] in
            guard let pattern = try? Regex(ban.pattern) else {
                return [Violation(path, "the pattern \(ban.pattern) is no regular expression")]
            }
            return codeLines.filter { $0.code.contains(pattern) }.map {
                Violation(path, line: $0.line, ban.instead)
            }
        }
    }
}

extension String {
    /// Whether one of the words of a CamelCase name is among these: "Helper" of "DateHelper", not "Base" of
    /// "Database".
    fileprivate func hasWord(of words: Set<String>) -> Bool {
        matches(of: /[A-Z]?[a-z0-9]+|[A-Z]+(?![a-z])/).contains { words.contains(String($0.output)) }
    }
}

extension Substring {
    fileprivate var trimmed: Substring { drop(while: \.isWhitespace) }
}
