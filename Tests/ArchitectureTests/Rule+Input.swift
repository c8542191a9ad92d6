/// What would end the process on a path from a request, a file, a row or a vendor's answer.
extension Rule {
    static let input = [inputDoesNotTrap]

    /// The rooms that such a path leads through.
    private static let inputRooms: Set<String> = [
        "Rules", "Files", "Routes", "Consumers", "Clients", "Security",
    ]
    private static let inputPackages = [
        "Packages/ServiceKit/Sources/", "Packages/StrictJSON/Sources/", "Packages/TabularText/Sources/",
        "Packages/Mail/Sources/",
    ]

    /// Names that collections made from text usually have here.
    private static let textual =
        "bytes|digits|characters|scalars|parts|halves|fields|numbers|words|labels|pieces"

    private static let bans = [
        Ban(#"[\w)\]?]!(?![=\w"])"#, "unwrap it with guard let, and say what is wrong"),
        Ban(#"\b(?:precondition|preconditionFailure|assert|assertionFailure)\("#, "throw an error"),
        Ban(#"\bunsafelyUnwrapped\b|\bunowned\b"#, "unwrap it with guard let"),
        Ban(
            #"[\w)\]?]\[\s*-?\d+\s*\]"#,
            "take first, or dropFirst(n).first: a text may be shorter than it looks"),
        Ban(
            #"[\w)\]?]\[[^\[\]"]*\.\.[.<][^\[\]"]*\]"#,
            "take prefix, dropFirst or suffix: they end where the text does"),
        Ban(#"[\w)\]?]\[\s*\w+\s*[-+]\s*\w+\s*\]"#, "take dropFirst(n).first: the place may lie outside"),
        Ban(
            #"\b(?:"# + textual + #")\[(?!\s*\])[^\[\]":]+\](?!\s*\()"#,
            "take dropFirst(n).first, or check the index"),
        Ban(#"\boffsetBy:(?![^)\n]*limitedBy)"#, "give limitedBy as well"),
        Ban(#"\.remove(?:First|Last)\(\w*\)"#, "take popFirst, popLast, dropFirst or dropLast"),
        Ban(
            #"\bU?Int\d*\((?!exactly:)[^()\n]*\.rounded\("#,
            "ask with Int(exactly:): a Double may be anything"),
        Ban(
            #"\bU?Int\d*\((?!exactly:)[^()\n]*timeInterval"#,
            "ask with Int(exactly:): a Double may be anything"),
    ]

    /// A comment that begins so, on the line or on the one above, says why a place cannot trap.
    private static let reason = "In range: "

    static let inputDoesNotTrap = Rule(name: "nothing that reads input can trap") { tree in
        places(in: tree).filter { !$0.isExplained }.map(\.violation)
    }

    /// How many places say why they cannot trap.
    static func explainedPlaces(in tree: SourceTree) -> [Violation] {
        places(in: tree).filter(\.isExplained).map(\.violation)
    }

    private static func places(in tree: SourceTree) -> [(violation: Violation, isExplained: Bool)] {
        tree.files.filter { file in
            !file.isGenerated && file.path.hasPrefix("Packages/")
                && !file.path.hasPrefix("Packages/SchemaTool/")
                && (!inputRooms.isDisjoint(with: file.folders)
                    || inputPackages.contains { file.path.hasPrefix($0) })
        }.flatMap { file in
            let comments = file.source.comments.split(separator: "\n", omittingEmptySubsequences: false)
            // One line may break several bans, and is one place.
            let found = Dictionary(file.findings(of: bans).map { ($0.line, $0) }) { first, _ in first }
            return found.values.map { place in
                let line = (place.line ?? 1) - 1
                let isExplained = [line - 1, line].contains {
                    comments.indices.contains($0) && comments[$0].contains(reason)
                }
                return (place, isExplained)
            }
        }
    }
}
