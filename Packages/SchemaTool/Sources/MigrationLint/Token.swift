/// A word, sign or literal of a statement; comments and blanks are left out.
struct Token: Sendable, Hashable {
    enum Kind: Sendable {
        /// A keyword or an unquoted identifier, in small letters as PostgreSQL folds it.
        case word
        /// A quoted identifier, without its quotes.
        case quoted
        case string
        case number
        case sign
    }

    let kind: Kind
    let text: String
    /// In its file, from 1.
    let line: Int

    func isWord(_ word: String) -> Bool { kind == .word && text == word }
    func isSign(_ sign: String) -> Bool { kind == .sign && text == sign }

    var isIdentifier: Bool { kind == .word || kind == .quoted }
}

extension Sequence<Token> {
    /// The tokens in one line, to compare and to show.
    var joined: String { map(\.text).joined(separator: " ") }
}

extension RandomAccessCollection<Token> {
    /// The parts between commas that stand outside of any bracket.
    var partsAtCommas: [[Token]] {
        var parts: [[Token]] = [[]]
        var depth = 0
        for token in self {
            if token.kind == .sign { depth += token.bracketDepth }
            if depth == 0 && token.isSign(",") {
                parts.append([])
            } else {
                parts[parts.count - 1].append(token)
            }
        }
        return parts.filter { !$0.isEmpty }
    }

    /// The columns that an UPDATE, or a DO UPDATE, of this statement assigns to.
    var assignedColumns: [Token] {
        let tokens = Array(self)
        var columns: [Token] = []
        for start in tokens.indices where tokens[start].isWord("set") {
            // Of ALTER … SET and SET itself nothing follows that looks like `name =`.
            var depth = 0
            var isTarget = true
            for token in tokens[(start + 1)...] {
                depth += token.bracketDepth
                if depth < 0 || depth == 0 && ["from", "where", "returning"].contains(where: token.isWord) {
                    break
                }
                if token.isSign("=") && depth == 0 { isTarget = false }
                if token.isSign(",") && depth == 0 { isTarget = true }
                if isTarget && token.isIdentifier { columns.append(token) }
            }
        }
        return columns
    }
}

extension Token {
    var bracketDepth: Int {
        guard kind == .sign else { return 0 }
        return text == "(" || text == "[" ? 1 : text == ")" || text == "]" ? -1 : 0
    }
}
