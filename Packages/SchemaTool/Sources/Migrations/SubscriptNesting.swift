/// Knows whether a colon parts the bounds of a slice, as in `tags[low:high]`: inside of brackets, behind a value.
public struct SubscriptNesting: Sendable {
    private var brackets = 0
    private var endsValue = false
    /// The bracket that was opened last is a subscript's, and not that of ARRAY[…], and nothing stands in it yet.
    public private(set) var isAtSubscript = false

    public init() {}

    public var isBehindBound: Bool { brackets > 0 && endsValue }

    /// Takes note of a token.
    public mutating func enter(_ kind: SQLToken.Kind, _ text: String) {
        guard ![.whitespace, .lineComment, .blockComment].contains(kind) else { return }
        isAtSubscript = text == "[" && endsValue
        switch (kind, text) {
        case (.other, "["):
            brackets += 1
            endsValue = false
        case (.other, "]"):
            brackets = max(0, brackets - 1)
            endsValue = true
        case (.other, _): endsValue = text == ")"
        case (.word, _): endsValue = !Self.wordsBeforeValues.contains(text.lowercased())
        case (.string, _), (.quotedIdentifier, _), (.number, _), (.parameter, _): endsValue = true
        default: endsValue = false
        }
    }

    private static let wordsBeforeValues: Set<String> = [
        "all", "and", "any", "array", "as", "between", "by", "case", "distinct", "else", "from", "ilike",
        "in",
        "is", "like", "not", "or", "returning", "row", "select", "similar", "some", "then", "to", "values",
        "when",
        "where",
    ]
}
