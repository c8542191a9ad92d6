import Migrations

/// Reads a file of named statements. It knows where SQL's comments, strings and statements end, and nothing
/// more: what a statement means is PostgreSQL's to say.
struct QueryFileParser {
    private let path: String
    let source: [Unicode.Scalar]
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

    func text(_ range: Range<Int>) -> String { String(String.UnicodeScalarView(source[range])) }

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
        while body.last?.kind == .whitespace { body.removeLast() }
        if let parameter = openSlice(in: body) {
            return report(
                "\(header.name): \(text(parameter.range)) is one element's place here, or where a slice without a "
                    + "lower bound ends", at: parameter.range.lowerBound,
                hint:
                    "Write [(\(text(parameter.range)))] for the element. For the slice say its lower bound, as "
                    + "[1:last] up to a column, or [1:(:last)] up to a parameter.")
        }
        do throws(ChoiceFault) {
            statements.append(try statement(header, pieces: pieces(of: body)))
        } catch {
            report("\(header.name): \(error.message)", at: error.offset, hint: error.hint)
        }
    }

    private mutating func statement(_ header: Header, pieces: [Piece]) throws(ChoiceFault) -> QueryStatement {
        let choices = try choices(in: pieces)
        let everything = Selection(options: choices.options, order: 0)
        let order = parameterOrder(pieces, choices)
        var statement = statement(header, tokens(of: pieces, everything), order)
        for name in header.parameterTypes.keys.sorted() where !order.contains(name) {
            report(
                "\(header.name) has no parameter :\(name), but a `-- param:` line for it", at: header.offset)
        }
        guard !choices.options.isEmpty || !choices.orders.isEmpty else { return statement }
        statement.choices = choices
        for order in 0..<max(1, choices.orders.count) {
            for mask in 0..<(1 << choices.options.count) {
                let options = choices.options.indices.filter { mask & (1 << $0) != 0 }
                let selection = Selection(options: options.map { choices.options[$0] }, order: order)
                statement.variants.append(
                    self.statement(header, tokens(of: pieces, selection), parameterOrder(pieces, choices)))
            }
        }
        return statement
    }

    /// - Parameter order: the statement's parameters, of which those that are here are numbered.
    private func statement(_ header: Header, _ body: [SQLToken], _ order: [String]) -> QueryStatement {
        let here = Set(body.filter { $0.kind == .parameter }.map { parameterName($0).name })
        let numbered = order.filter(here.contains)
        var sql = String.UnicodeScalarView()
        var origins: [Int] = []
        var marks: [String: QueryStatement.NullMark] = [:]
        var positions: [String: Int] = [:]
        for token in body {
            guard token.kind == .parameter else {
                sql.append(contentsOf: source[token.range])
                origins.append(contentsOf: token.range)
                continue
            }
            let (name, mark) = parameterName(token)
            marks[name] = marks[name] ?? mark
            positions[name] = positions[name] ?? origins.count + 1
            let index = numbered.firstIndex(of: name) ?? 0
            let number = "$\(index + 1)".unicodeScalars
            sql.append(contentsOf: number)
            origins.append(contentsOf: repeatElement(token.range.lowerBound, count: number.count))
        }
        let parameters = numbered.map {
            QueryStatement.Parameter(name: $0, mark: marks[$0], position: positions[$0] ?? 1)
        }
        return QueryStatement(
            name: header.name, kind: header.kind, role: header.role, documentation: header.documentation,
            rowName: header.rowName, rowsName: header.rowsName, nests: header.nests,
            parameterTypes: header.parameterTypes,
            columnTypes: header.columnTypes, planWaivers: header.planWaivers, parameters: parameters,
            sql: String(sql), file: path,
            position: SourcePosition(of: header.offset, in: source), origins: origins, source: source)
    }

    /// A parameter right behind the bracket of a subscript: `tags[:n]` is a slice in PostgreSQL where n is a column.
    private func openSlice(in body: [SQLToken]) -> SQLToken? {
        var subscripts = SubscriptNesting()
        for token in body {
            if token.kind == .parameter, subscripts.isAtSubscript { return token }
            subscripts.enter(token.kind, text(token.range))
        }
        return nil
    }

    func parameterName(_ token: SQLToken) -> (name: String, mark: QueryStatement.NullMark?) {
        let written = text(token.range).dropFirst()
        let mark = written.last.flatMap(QueryStatement.NullMark.init)
        return (String(mark == nil ? written : written.dropLast()), mark)
    }
}
