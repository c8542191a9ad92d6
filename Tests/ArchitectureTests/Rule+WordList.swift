/// A word that the field has a better one for.
struct OldWord: Sendable {
    /// A regular expression.
    let pattern: String
    /// What to write.
    let instead: String
    /// In how many places it stands since before there was a list. The number may only fall.
    let places: Int

    init(_ pattern: String, _ instead: String, places: Int) {
        self.pattern = pattern
        self.instead = instead
        self.places = places
    }

    static let all = [
        OldWord("tell|tells|told|telling", "report, notify, say, show", places: 321),
        OldWord("hear|hears|heard", "consume, receive", places: 27),
        OldWord("ring|rings|rang", "notify", places: 5),
        OldWord("strokes?", "wake-up, interval", places: 1),
        OldWord("strangers?", "another user", places: 73),
        OldWord("sift|sifts|sifted", "filter", places: 0),
        OldWord("fate", "outcome, next attempt", places: 0),
        OldWord("doors?", "API, entry point, function", places: 3),
        OldWord("knocks?", "send a request", places: 1),
        OldWord("house", "repository, code", places: 5),
        OldWord("he|his|him|himself|she|her|hers|herself", "they, their", places: 9),
        OldWord(
            "nobody|anybody|everybody|somebody", "no user, any user, all users, another user", places: 326),
        OldWord("wish|wishes", "request, preference", places: 21),
        OldWord("newcomers?", "new developer, first insert", places: 12),
    ]
}

/// The field's words.
extension Rule {
    static let wordList = [oldWordsOnlyLeave]

    /// Where the list itself stands.
    static let wordListPath = "Tests/ArchitectureTests/Rule+WordList.swift"

    /// How often a word stands in Swift, comments and literals included, in statements, contracts and pages.
    private static func places(of word: OldWord, in tree: SourceTree) -> [Violation] {
        // Small, or with a capital at its beginning; a name may go on with another word: `tellsAll`.
        let forms = word.pattern.split(separator: "|").map { form in
            "[\(form.prefix(1).uppercased())\(form.prefix(1))]\(form.dropFirst())"
        }
        let pattern = "(?<![A-Za-z])(?:\(forms.joined(separator: "|")))(?![a-z'’])"
        let texts =
            tree.files.filter { !$0.isGenerated && !$0.path.hasPrefix("Tests/ArchitectureTests/") }
            .map { ($0.path, $0.text) } + tree.documents.map { ($0.path, $0.text) }
        return texts.flatMap { path, text in
            text.matches(of: pattern).map { Violation(path, line: $0.line, "write: \(word.instead)") }
        }
    }

    static let oldWordsOnlyLeave = Rule(name: "no word of the list is written anew") { tree in
        OldWord.all.compactMap { word in
            let places = places(of: word, in: tree)
            guard places.count > word.places else { return nil }
            let all = places.map { "\($0.path):\($0.line ?? 0)" }.joined(separator: " ")
            return Violation(
                wordListPath,
                """
                \(word.pattern) stands in \(places.count) places, and \(word.places) are allowed; write \
                \(word.instead) in the new one of: \(all)
                """)
        }
    }

    /// What the numbers of the list can be lowered to.
    static func wordCounts(in tree: SourceTree) -> [(word: OldWord, places: Int)] {
        OldWord.all.map { ($0, places(of: $0, in: tree).count) }
    }
}
