/// Understands a statement as far as the rules ask. What it does not know becomes `.other`: to refuse what is
/// no SQL is PostgreSQL's work, on the shadow.
struct StatementParser {
    let tokens: [Token]
    var index = 0

    init(_ tokens: [Token]) { self.tokens = tokens }

    static func kind(of tokens: [Token]) -> Statement.Kind {
        var parser = StatementParser(tokens)
        return parser.statement()
    }

    var current: Token? { index < tokens.count ? tokens[index] : nil }
    var rest: ArraySlice<Token> { tokens[min(index, tokens.count)...] }

    func isAt(_ words: String...) -> Bool {
        index + words.count <= tokens.count
            && words.enumerated().allSatisfy { tokens[index + $0.offset].isWord($0.element) }
    }

    /// Steps over the words if they all stand here.
    mutating func accept(_ words: String...) -> Bool {
        guard index + words.count <= tokens.count,
            words.enumerated().allSatisfy({ tokens[index + $0.offset].isWord($0.element) })
        else { return false }
        index += words.count
        return true
    }

    mutating func accept(sign: String) -> Bool {
        guard current?.isSign(sign) == true else { return false }
        index += 1
        return true
    }

    mutating func word() -> String {
        defer { index += 1 }
        return current?.text ?? ""
    }

    /// `a.b.c`, or nothing where no identifier stands.
    mutating func name() -> String {
        guard current?.isIdentifier == true else { return "" }
        var parts = [word()]
        while current?.isSign(".") == true, index + 1 < tokens.count, tokens[index + 1].isIdentifier {
            index += 1
            parts.append(word())
        }
        return parts.joined(separator: ".")
    }

    /// Names with commas between them; `ONLY`, `*` and a function's arguments are passed over.
    mutating func names() -> [String] {
        var names: [String] = []
        repeat {
            _ = accept("only")
            let name = name()
            guard !name.isEmpty else { break }
            names.append(name)
            _ = accept(sign: "*")
            if current?.isSign("(") == true { _ = group() }
        } while accept(sign: ",")
        return names
    }

    /// What stands between the bracket here and the one that closes it; steps over both.
    mutating func group() -> [Token] {
        guard current?.isSign("(") == true else { return [] }
        let start = index + 1
        var depth = 0
        repeat {
            depth += tokens[index].bracketDepth
            index += 1
        } while depth > 0 && index < tokens.count
        return Array(tokens[start..<max(start, index - 1)])
    }

    /// The tokens until one of the words stands outside of any bracket. The first is taken whatever it is.
    mutating func tokens(until words: Set<String>) -> [Token] {
        var taken: [Token] = []
        var depth = 0
        while let token = current {
            if depth == 0 && !taken.isEmpty && token.kind == .word && words.contains(token.text) { break }
            depth += token.bracketDepth
            taken.append(token)
            index += 1
        }
        return taken
    }

    func contains(_ word: String) -> Bool { rest.contains { $0.isWord(word) } }

    private static let transactionWords: Set<String> = [
        "begin", "start", "commit", "end", "rollback", "abort", "savepoint", "release",
    ]

    private mutating func statement() -> Statement.Kind {
        let first = word()
        switch first {
        case "create": return create()
        case "alter": return alter()
        case "drop": return drop()
        case "reindex": return reindex()
        case "truncate":
            _ = accept("table")
            let tables = names()
            return .truncate(tables, cascades: contains("cascade"))
        case "set", "reset": return set(isReset: first == "reset")
        case "vacuum": return .vacuum(isFull: contains("full"))
        case "cluster": return .cluster
        case "prepare" where isAt("transaction"): return .transaction("prepare transaction")
        case "with", "insert", "update", "delete", "merge", "copy": return write()
        default:
            return Self.transactionWords.contains(first) ? .transaction(first) : .other(first)
        }
    }

    private mutating func set(isReset: Bool) -> Statement.Kind {
        if isReset { return .set(name: name(), value: "default") }
        if !accept("session") { _ = accept("local") }
        let name = name()
        if !accept(sign: "=") { _ = accept("to") }
        return .set(name: name, value: rest.joined)
    }

    private mutating func reindex() -> Statement.Kind {
        let options = group()
        let object = word()
        let isConcurrent = accept("concurrently") || options.contains { $0.isWord("concurrently") }
        return .reindex(object: object, name: name(), isConcurrent: isConcurrent)
    }

    /// The first change of rows in the statement, in a WITH as well; of constant rows there are few.
    private mutating func write() -> Statement.Kind {
        index = 0
        while let token = current {
            let before = index > 0 ? tokens[index - 1].text : ""
            index += 1
            switch token {
            case _ where token.isWord("update") && !["for", "do", "on", "key"].contains(before):
                _ = accept("only")
                return .write(verb: "UPDATE", table: name())
            case _ where token.isWord("delete") && isAt("from"):
                index += 1
                _ = accept("only")
                return .write(verb: "DELETE", table: name())
            case _ where (token.isWord("insert") || token.isWord("merge")) && isAt("into"):
                index += 1
                _ = accept("only")
                let table = name()
                if token.isWord("insert") && !contains("select") && !contains("table") {
                    return .other("insert")
                }
                return .write(verb: token.text.uppercased(), table: table)
            case _ where token.isWord("copy") && index == 1:
                return contains("from") ? .write(verb: "COPY", table: name()) : .other("copy")
            default: continue
            }
        }
        return .other(tokens[0].text)
    }

    private mutating func drop() -> Statement.Kind {
        if accept("index") {
            let isConcurrent = accept("concurrently")
            _ = accept("if", "exists")
            return .dropIndex(names(), isConcurrent: isConcurrent)
        }
        let object = object()
        _ = accept("if", "exists")
        let names = names()
        return .drop(object: object, names: names, cascades: contains("cascade"))
    }

    /// What CREATE, ALTER and DROP are followed by.
    mutating func object() -> String {
        for two in [
            ["materialized", "view"], ["foreign", "table"], ["event", "trigger"], ["text", "search"],
            ["foreign", "data"], ["user", "mapping"], ["default", "privileges"],
        ] where isAt(two[0]) && index + 1 < tokens.count && tokens[index + 1].isWord(two[1]) {
            index += 2
            return two.joined(separator: " ")
        }
        return word()
    }
}
