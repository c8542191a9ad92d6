/// Knows which semicolons end a statement: not those in brackets, as between the commands of a rule, nor those
/// in a body `BEGIN ATOMIC … END`.
public struct StatementNesting: Sendable {
    private var brackets = 0
    private var blocks = 0
    private var lastWord = ""

    public init() {}

    /// Whether a semicolon that comes now ends the statement.
    public var isOutside: Bool { brackets == 0 && blocks == 0 }

    /// Takes note of a token of the statement.
    public mutating func enter(_ kind: SQLToken.Kind, _ text: some StringProtocol) {
        switch (kind, text) {
        case (.other, "("): brackets += 1
        case (.other, ")"): brackets -= 1
        case (.word, _): enter(word: text.lowercased())
        default: break
        }
    }

    private mutating func enter(word: String) {
        switch word {
        case "atomic" where lastWord == "begin": blocks += 1
        // Inside of a body this is the only other thing that has an END.
        case "case" where blocks > 0: blocks += 1
        case "end" where blocks > 0: blocks -= 1
        default: break
        }
        lastWord = word
    }
}
