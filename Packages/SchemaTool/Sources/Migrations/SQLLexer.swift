/// A piece of SQL text as PostgreSQL's own lexer would cut it, no finer than the tool needs.
public struct SQLToken: Sendable, Equatable {
    public enum Kind: Sendable, Equatable {
        case whitespace
        /// `-- to the end of the line`, without the line break.
        case lineComment
        /// `/* nested */`
        case blockComment
        /// `'…'`, `E'…'` or `$tag$…$tag$`.
        case string
        /// `"…"`
        case quotedIdentifier
        /// An unquoted identifier or keyword.
        case word
        case number
        /// `::`, which is never the beginning of a parameter.
        case cast
        /// `:name`, or `:name?` for one that may be NULL.
        case parameter
        case semicolon
        /// An operator or a bracket.
        case other
    }

    public let kind: Kind
    /// Offsets in Unicode scalars, as PostgreSQL counts the positions in its messages.
    public let range: Range<Int>

    public init(kind: Kind, range: Range<Int>) {
        self.kind = kind
        self.range = range
    }
}

/// Cuts SQL into tokens, so that nothing inside a comment or a string is ever taken for a statement.
public struct SQLLexer {
    private let text: [Unicode.Scalar]
    private var offset = 0

    /// An opening quote, dollar tag or comment whose end is missing; `offset` counts Unicode scalars.
    public struct Unterminated: Error, Sendable {
        public let what: String
        public let offset: Int
    }

    public static func tokens(of text: [Unicode.Scalar]) throws(Unterminated) -> [SQLToken] {
        var lexer = SQLLexer(text: text)
        var tokens: [SQLToken] = []
        var subscripts = SubscriptNesting()
        while lexer.offset < text.count {
            let start = lexer.offset
            var kind = try lexer.next()
            if kind == .parameter, subscripts.isBehindBound {
                // The colon of a slice: what follows it is a bound.
                lexer.offset = start + 1
                kind = .other
            }
            let token = SQLToken(kind: kind, range: start..<lexer.offset)
            subscripts.enter(kind, String(String.UnicodeScalarView(text[token.range])))
            tokens.append(token)
        }
        return tokens
    }

    private init(text: [Unicode.Scalar]) { self.text = text }

    private func peek(_ distance: Int = 0) -> Unicode.Scalar? {
        offset + distance < text.count ? text[offset + distance] : nil
    }

    private mutating func advance(while accepted: (Unicode.Scalar) -> Bool) {
        while let scalar = peek(), accepted(scalar) { offset += 1 }
    }

    private mutating func next() throws(Unterminated) -> SQLToken.Kind {
        guard let first = peek() else { return .whitespace }
        if first.properties.isWhitespace {
            advance { $0.properties.isWhitespace }
            return .whitespace
        }
        switch (first, peek(1)) {
        case ("-", "-"):
            advance { $0 != "\n" }
            return .lineComment
        case ("/", "*"):
            try blockComment()
            return .blockComment
        case ("'", _):
            try quoted(by: "'", backslashEscapes: false)
            return .string
        case ("E", "'"), ("e", "'"):
            offset += 1
            try quoted(by: "'", backslashEscapes: true)
            return .string
        case ("\"", _):
            try quoted(by: "\"", backslashEscapes: false)
            return .quotedIdentifier
        case ("$", _):
            return try dollar()
        case (":", ":"):
            offset += 2
            return .cast
        case (":", let second?) where Self.beginsWord(second):
            offset += 1
            advance(while: Self.continuesWord)
            // `:day?` and `:day!`, but `:day != …` compares.
            if peek() == "?" || (peek() == "!" && peek(1) != "=" && peek(1) != "~") { offset += 1 }
            return .parameter
        case (";", _):
            offset += 1
            return .semicolon
        default:
            return word(beginningWith: first)
        }
    }

    private mutating func word(beginningWith first: Unicode.Scalar) -> SQLToken.Kind {
        if Self.beginsWord(first) {
            advance(while: Self.continuesWord)
            return .word
        }
        offset += 1
        guard ("0"..."9").contains(first) else { return .other }
        advance { Self.continuesWord($0) || $0 == "." }
        return .number
    }

    private static func beginsWord(_ scalar: Unicode.Scalar) -> Bool {
        scalar == "_" || scalar.properties.isAlphabetic
    }

    private static func continuesWord(_ scalar: Unicode.Scalar) -> Bool {
        beginsWord(scalar) || ("0"..."9").contains(scalar) || scalar == "$"
    }

    private mutating func blockComment() throws(Unterminated) {
        let start = offset
        var depth = 0
        while offset < text.count {
            switch (peek(), peek(1)) {
            case ("/", "*"):
                depth += 1
                offset += 2
            case ("*", "/"):
                depth -= 1
                offset += 2
                if depth == 0 { return }
            default:
                offset += 1
            }
        }
        throw Unterminated(what: "a comment /* that has no */", offset: start)
    }

    private mutating func quoted(by quote: Unicode.Scalar, backslashEscapes: Bool) throws(Unterminated) {
        let start = offset
        offset += 1
        while let scalar = peek() {
            if backslashEscapes && scalar == "\\" {
                offset += 2
            } else if scalar != quote {
                offset += 1
            } else if peek(1) == quote {
                offset += 2
            } else {
                offset += 1
                return
            }
        }
        throw Unterminated(what: "a quote \(quote) that is never closed", offset: start)
    }

    /// `$1` is a number to us, `$$` and `$tag$` open a string that only the same tag closes.
    private mutating func dollar() throws(Unterminated) -> SQLToken.Kind {
        let start = offset
        offset += 1
        if let scalar = peek(), ("0"..."9").contains(scalar) {
            advance { ("0"..."9").contains($0) }
            return .number
        }
        advance { Self.continuesWord($0) && $0 != "$" }
        guard peek() == "$" else { return .other }
        offset += 1
        let tag = Array(text[start..<offset])
        while offset + tag.count <= text.count {
            if text[offset] == "$" && Array(text[offset..<offset + tag.count]) == tag {
                offset += tag.count
                return .string
            }
            offset += 1
        }
        let name = String(String.UnicodeScalarView(tag))
        throw Unterminated(what: "a string \(name) that is never closed", offset: start)
    }
}
