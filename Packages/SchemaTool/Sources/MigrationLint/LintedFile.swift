import Migrations

/// One way of a migration, up or down, cut into statements that the rules understand.
struct LintedFile: Sendable {
    enum Direction: Sendable { case up, down }

    let path: String
    let direction: Direction
    let runsInTransaction: Bool
    let statements: [Statement]
    /// Comments that stand above no statement: inside one, after the last, or apart by an empty line.
    let looseComments: [Statement.Comment]
    /// What stood before the file ran; of a down file, what its up file had found.
    let schema: KnownSchema
    /// The tables that the migration makes itself, each with the statement that does; nobody waits for them.
    let newTables: [String: Int]

    /// - Throws: `SQLLexer.Unterminated`, which `MigrationFolder` has refused already.
    init(
        path: String, text: String, direction: Direction, runsInTransaction: Bool, schema: KnownSchema,
        newTables tablesOfUp: [String: Int] = [:]
    ) throws(SQLLexer.Unterminated) {
        self.path = path
        self.direction = direction
        self.runsInTransaction = runsInTransaction
        self.schema = schema
        (statements, looseComments) = try Self.statements(of: Array(text.unicodeScalars))
        // In a down file all of them are there from the beginning.
        var newTables = tablesOfUp.mapValues { _ in -1 }
        for (index, statement) in statements.enumerated() {
            if case .createTable(let table) = statement.kind, !schema.tables.contains(table.name) {
                newTables[table.name] = newTables[table.name] ?? index
            }
            // A new name does not make a table old.
            if case .rename(let what, let name, isOfTable: true) = statement.kind, what != "column",
                newTables[name] != nil, let new = statement.tokens.last?.text
            {
                newTables[what == "table" ? KnownSchema.sibling(of: name, named: new) : name] = index
            }
        }
        self.newTables = newTables
    }

    /// Whether the table stood before this migration, so that others read and write it now.
    func isInUse(_ table: String, before statement: Int) -> Bool {
        guard !table.hasPrefix("pg_temp.") else { return false }
        return newTables[table].map { $0 > statement } ?? true
    }

    /// The actions of each ALTER TABLE on a table that is in use.
    var alterations: [(statement: Int, table: String, action: Statement.AlterAction)] {
        statements.enumerated().flatMap {
            index, statement -> [(statement: Int, table: String, action: Statement.AlterAction)] in
            guard case .alterTable(let table, let actions) = statement.kind,
                isInUse(table, before: index)
            else { return [] }
            return actions.map { (index, table, $0) }
        }
    }

    /// The table of an index that this file or an earlier one made.
    func table(ofIndex index: String) -> String? {
        schema.indexes[index] ?? indexes[index]
    }

    private var indexes: [String: String] {
        var known = KnownSchema()
        for statement in statements { known.add(statement) }
        return known.indexes
    }

    private static func statements(
        of scalars: [Unicode.Scalar]
    ) throws(SQLLexer.Unterminated) -> (statements: [Statement], loose: [Statement.Comment]) {
        var statements: [Statement] = []
        var tokens: [Token] = []
        var comments: [Statement.Comment] = []
        var loose: [Statement.Comment] = []
        var line = 1
        var nesting = StatementNesting()
        func finish() {
            guard !tokens.isEmpty else { return }
            statements.append(
                Statement(kind: StatementParser.kind(of: tokens), tokens: tokens, comments: comments))
            tokens = []
            comments = []
            nesting = StatementNesting()
        }
        for token in try SQLLexer.tokens(of: scalars) {
            let text = String(String.UnicodeScalarView(scalars[token.range]))
            switch token.kind {
            case .whitespace:
                // An empty line parts what is above it from the next statement.
                if tokens.isEmpty && text.count(where: { $0 == "\n" }) > 1 {
                    loose += comments
                    comments = []
                }
            case .lineComment:
                let comment = Statement.Comment(text: text, line: line)
                if tokens.isEmpty { comments.append(comment) } else { loose.append(comment) }
            case .blockComment: break
            case .semicolon where nesting.isOutside: finish()
            default:
                tokens.append(Token(token.kind, text, line: line))
                nesting.enter(token.kind, text)
            }
            line += scalars[token.range].count { $0 == "\n" }
        }
        finish()
        return (statements, loose + comments)
    }
}

extension Token {
    fileprivate init(_ kind: SQLToken.Kind, _ text: String, line: Int) {
        switch kind {
        case .word: self.init(kind: .word, text: text.lowercased(), line: line)
        case .quotedIdentifier:
            let name = String(text.dropFirst().dropLast()).replacing("\"\"", with: "\"")
            self.init(kind: .quoted, text: name, line: line)
        case .string: self.init(kind: .string, text: text, line: line)
        case .number: self.init(kind: .number, text: text, line: line)
        default: self.init(kind: .sign, text: text, line: line)
        }
    }
}
