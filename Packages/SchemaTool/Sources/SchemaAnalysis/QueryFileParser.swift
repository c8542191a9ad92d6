import Migrations

/// Reads a file of named statements. It knows where SQL's comments, strings and statements end, and nothing
/// more: what a statement means is PostgreSQL's to say.
struct QueryFileParser {
    private let path: String
    private let source: [Unicode.Scalar]
    private var statements: [QueryStatement] = []
    private(set) var diagnostics: [Diagnostic] = []

    /// Everything that could be read, and every fault of the rest.
    static func parse(_ text: String, path: String) -> (
        statements: [QueryStatement], diagnostics: [Diagnostic]
    ) {
        var parser = QueryFileParser(path: path, source: Array(text.unicodeScalars))
        parser.parse()
        return (parser.statements, parser.diagnostics)
    }

    private init(path: String, source: [Unicode.Scalar]) {
        self.path = path
        self.source = source
    }

    private func text(_ range: Range<Int>) -> String { String(String.UnicodeScalarView(source[range])) }

    private mutating func report(_ message: String, at offset: Int, hint: String = "") {
        let position = SourcePosition(of: offset, in: source)
        diagnostics.append(
            Diagnostic(
                file: path, position: position, message: message,
                excerpt: excerpt(of: text(0..<source.count), at: position), hint: hint))
    }

    private mutating func parse() {
        let tokens: [SQLToken]
        do {
            tokens = try SQLLexer.tokens(of: source)
        } catch {
            return report("there is \(error.what)", at: error.offset)
        }
        var header: Header?
        var body: [SQLToken] = []
        for token in tokens {
            if token.kind == .lineComment, body.isEmpty || Header.isName(text(token.range)) {
                if let unfinished = header, !body.isEmpty {
                    report("\(unfinished.name) has no semicolon at its end", at: unfinished.offset)
                    header = nil
                    body = []
                }
                readComment(token, into: &header)
            } else if token.kind == .semicolon {
                finish(&header, &body, at: token.range.lowerBound)
            } else if !body.isEmpty || !(token.kind == .whitespace || token.kind == .blockComment) {
                body.append(token)
            }
        }
        if let header {
            report("\(header.name) has no semicolon at its end", at: header.offset)
        } else if let first = body.first {
            report("there is SQL after the last statement", at: first.range.lowerBound, hint: Self.nameHint)
        }
    }

    private static let nameHint = "Begin each statement with a line like `-- name: findPortfolio :optional`."

    private mutating func readComment(_ token: SQLToken, into header: inout Header?) {
        let comment = text(token.range)
        if Header.isName(comment) {
            if let header { report("\(header.name) has no statement", at: header.offset) }
            do {
                header = try Header(naming: comment, offset: token.range.lowerBound)
            } catch {
                report(error.message, at: token.range.lowerBound, hint: error.hint)
                header = Header(unreadableAt: token.range.lowerBound)
            }
        } else {
            do { try header?.add(comment) } catch {
                report(error.message, at: token.range.lowerBound, hint: error.hint)
            }
        }
    }

    private mutating func finish(_ header: inout Header?, _ body: inout [SQLToken], at offset: Int) {
        defer {
            header = nil
            body = []
        }
        guard let header else {
            return report(
                "this statement has no name", at: body.first?.range.lowerBound ?? offset, hint: Self.nameHint)
        }
        guard !body.isEmpty else { return report("\(header.name) has no statement", at: header.offset) }
        // Its fault is in the list already.
        guard header.isReadable else { return }
        statements.append(statement(header, body))
    }

    private mutating func statement(_ header: Header, _ body: [SQLToken]) -> QueryStatement {
        var body = body
        while body.last?.kind == .whitespace { body.removeLast() }
        var sql = String.UnicodeScalarView()
        var origins: [Int] = []
        var parameters: [QueryStatement.Parameter] = []
        for token in body {
            guard token.kind == .parameter else {
                sql.append(contentsOf: source[token.range])
                origins.append(contentsOf: token.range)
                continue
            }
            let written = text(token.range).dropFirst()
            let mark = written.last.flatMap(QueryStatement.NullMark.init)
            let name = String(mark == nil ? written : written.dropLast())
            let index: Int
            if let known = parameters.firstIndex(where: { $0.name == name }) {
                index = known
                parameters[known].mark = parameters[known].mark ?? mark
            } else {
                index = parameters.count
                parameters.append(.init(name: name, mark: mark, position: origins.count + 1))
            }
            let numbered = "$\(index + 1)".unicodeScalars
            sql.append(contentsOf: numbered)
            origins.append(contentsOf: repeatElement(token.range.lowerBound, count: numbered.count))
        }
        for name in header.parameterTypes.keys.sorted() where !parameters.contains(where: { $0.name == name })
        {
            report(
                "\(header.name) has no parameter :\(name), but a `-- param:` line for it", at: header.offset)
        }
        return QueryStatement(
            name: header.name, kind: header.kind, role: header.role, documentation: header.documentation,
            rowName: header.rowName, parameterTypes: header.parameterTypes, columnTypes: header.columnTypes,
            parameters: parameters, sql: String(sql), file: path,
            position: SourcePosition(of: header.offset, in: source), origins: origins, source: source)
    }
}
