import Migrations

extension QueryFileParser {
    /// A part of a statement's text.
    indirect enum Piece {
        case token(SQLToken)
        /// `/*?name … */`
        case optional(name: String?, [Piece], offset: Int)
        /// `/*order name: … */`, one case a line.
        case ordered([(name: String, pieces: [Piece])], offset: Int)
    }

    struct ChoiceFault: Error {
        let message: String
        let offset: Int
        let hint: String
    }

    /// Which pieces are in a text.
    struct Selection {
        let options: [Choices.Option]
        let order: Int
    }

    /// More would be more statements than anybody looks at: 32 for each order.
    private static let optionLimit = 5

    // MARK: Reading

    func pieces(of tokens: [SQLToken]) throws(ChoiceFault) -> [Piece] {
        var pieces: [Piece] = []
        for token in tokens {
            guard token.kind == .blockComment else {
                pieces.append(.token(token))
                continue
            }
            let inner = token.range.lowerBound + 2..<token.range.upperBound - 2
            let words = text(inner)
            if words.hasPrefix("?") {
                pieces.append(try optional(inner, at: token.range.lowerBound))
            } else if words.wholeMatch(of: /order\s[\s\S]*/) != nil {
                pieces.append(try ordered(inner.dropFirst(5), at: token.range.lowerBound))
            } else {
                pieces.append(.token(token))
            }
        }
        return pieces
    }

    private func optional(_ range: Range<Int>, at offset: Int) throws(ChoiceFault) -> Piece {
        let rest = range.dropFirst()
        let name = source[rest].prefix { $0 == "_" || $0.properties.isAlphabetic }
        return .optional(
            name: name.isEmpty ? nil : String(String.UnicodeScalarView(name)),
            try innerPieces(rest.dropFirst(name.count)), offset: offset)
    }

    private func ordered(_ range: Range<Int>, at offset: Int) throws(ChoiceFault) -> Piece {
        var cases: [(name: String, pieces: [Piece])] = []
        var start = range.lowerBound
        while start < range.upperBound {
            let end = range[start...].first { source[$0] == "\n" } ?? range.upperBound
            let line = text(start..<end)
            if let match = line.prefixMatch(of: /\s*([a-z][A-Za-z0-9]*):\s*/) {
                let first = start + line[match.range].unicodeScalars.count
                cases.append((String(match.1), try innerPieces(first..<end)))
            } else if line.contains(where: { !$0.isWhitespace }) {
                throw ChoiceFault(
                    message: "a line of an order has no name", offset: start,
                    hint: "Write one case a line: `newest: executed_at DESC, id DESC`.")
            }
            start = end + 1
        }
        return .ordered(cases, offset: offset)
    }

    private func innerPieces(_ range: Range<Int>) throws(ChoiceFault) -> [Piece] {
        let tokens: [SQLToken]
        do throws(SQLLexer.Unterminated) {
            tokens = try SQLLexer.tokens(of: Array(source[range]))
        } catch {
            throw ChoiceFault(
                message: "there is \(error.what)", offset: range.lowerBound + error.offset, hint: "")
        }
        let start = range.lowerBound
        let first = tokens.drop { $0.kind == .whitespace }
        let trimmed = first.prefix((first.lastIndex { $0.kind != .whitespace } ?? -1) + 1 - first.startIndex)
        return try pieces(
            of: trimmed.map {
                SQLToken(kind: $0.kind, range: $0.range.lowerBound + start..<$0.range.upperBound + start)
            })
    }

    // MARK: Meaning

    /// The options and orders of a statement, or what is wrong with them.
    func choices(in pieces: [Piece]) throws(ChoiceFault) -> Choices {
        var options: [Choices.Option] = []
        var orders: [String]?
        let always = Set(parameters(pieces, inOptions: false))
        func visit(_ pieces: [Piece], inOption: Bool) throws(ChoiceFault) {
            for piece in pieces {
                switch piece {
                case .token: break
                case .optional(let name, let inner, let offset):
                    guard !inOption else {
                        throw ChoiceFault(
                            message: "an optional part is inside another", offset: offset,
                            hint: "Write them one after the other.")
                    }
                    try visit(inner, inOption: true)
                    let option = try option(name, inner, always: always, offset)
                    if !options.contains(option) { options.append(option) }
                case .ordered(let cases, let offset):
                    let names = cases.map(\.name)
                    try checkOrder(cases, offset)
                    guard orders == nil || orders == names else {
                        throw ChoiceFault(
                            message: "two orders have different cases", offset: offset,
                            hint: "Give both the same names in the same order.")
                    }
                    orders = names
                }
            }
        }
        try visit(pieces, inOption: false)
        let names = options.flatMap(\.parameters)
        guard options.count <= Self.optionLimit, Set(names).count == names.count else {
            throw ChoiceFault(
                message: options.count > Self.optionLimit
                    ? "it has \(options.count) optional parts" : "two optional parts share a parameter",
                offset: offset(of: pieces),
                hint: options.count > Self.optionLimit
                    ? "At most \(Self.optionLimit): each doubles the statements to check."
                    : "Give each its own, or the same ones to both.")
        }
        return Choices(options: options, orders: orders ?? [])
    }

    private func option(
        _ name: String?, _ inner: [Piece], always: Set<String>, _ offset: Int
    ) throws(ChoiceFault) -> Choices.Option {
        let own = unique(parameters(inner, inOptions: true)).filter { !always.contains($0) }
        guard let first = own.first else {
            throw ChoiceFault(
                message: "an optional part has no parameter of its own", offset: offset,
                hint: "It is there when its parameter is given: /*? AND type = :type */.")
        }
        guard own.count == 1 || name != nil else {
            throw ChoiceFault(
                message: "an optional part with several parameters has no name", offset: offset,
                hint:
                    "They are given together or not at all: /*?after AND (at, id) > (:after_at, :after_id) */."
            )
        }
        return Choices.Option(name: own.count == 1 ? first : name ?? first, parameters: own)
    }

    private func checkOrder(_ cases: [(name: String, pieces: [Piece])], _ offset: Int) throws(ChoiceFault) {
        guard Set(cases.map(\.name)).count == cases.count, cases.count > 1 else {
            throw ChoiceFault(
                message: "an order wants two or more cases, each with a name of its own", offset: offset,
                hint: "Write one case a line: `newest: executed_at DESC, id DESC`.")
        }
        guard Set(cases.map { Set(parameters($0.pieces, inOptions: true)) }).count == 1 else {
            throw ChoiceFault(
                message: "the cases of an order have different parameters", offset: offset,
                hint: "A caller gives the same ones whichever it chooses.")
        }
    }

    private func offset(of pieces: [Piece]) -> Int {
        for piece in pieces { if case .optional(_, _, let offset) = piece { return offset } }
        return 0
    }

    // MARK: Text

    /// Every parameter once: where it is named first, those of an option together.
    func parameterOrder(_ pieces: [Piece], _ choices: Choices) -> [String] {
        unique(
            parameters(pieces, inOptions: true).flatMap { name in
                choices.options.first { $0.parameters.contains(name) }?.parameters ?? [name]
            })
    }

    private func parameters(_ pieces: [Piece], inOptions: Bool) -> [String] {
        pieces.flatMap { piece in
            switch piece {
            case .token(let token): token.kind == .parameter ? [parameterName(token).name] : []
            case .optional(_, let inner, _): inOptions ? parameters(inner, inOptions: true) : []
            case .ordered(let cases, _): cases.first.map { parameters($0.pieces, inOptions: inOptions) } ?? []
            }
        }
    }

    func tokens(of pieces: [Piece], _ selection: Selection) -> [SQLToken] {
        var tokens: [SQLToken] = []
        for piece in pieces {
            switch piece {
            case .token(let token):
                tokens.append(token)
            case .ordered(let cases, _):
                tokens += self.tokens(of: cases[selection.order].pieces, selection)
            case .optional(_, let inner, _):
                let own = Set(parameters(inner, inOptions: true))
                if selection.options.contains(where: { !own.isDisjoint(with: $0.parameters) }) {
                    tokens += self.tokens(of: inner, selection)
                } else if tokens.last?.kind == .whitespace {
                    // No empty line stays behind.
                    tokens.removeLast()
                }
            }
        }
        return tokens
    }

    private func unique(_ names: [String]) -> [String] {
        var seen: Set<String> = []
        return names.filter { seen.insert($0).inserted }
    }
}
