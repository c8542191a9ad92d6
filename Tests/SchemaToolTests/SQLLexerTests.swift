import Migrations
import Testing

struct SQLLexerTests {
    /// The parameters that a text has, and the number of its statements.
    @Test(
        arguments: [
            ("SELECT :a, :b_2 FROM t;", [":a", ":b_2"], 1),
            ("SELECT :a::uuid, b::text, :c?::int", [":a", ":c?"], 0),
            ("SELECT ':a', E'\\':b', \":c\", $$:d;$$, $tag$ $$ :e; $tag$, :f;", [":f"], 1),
            ("SELECT 'it''s :a', :b -- :c ; \n, :d /* :e ; /* :f */ ; */ ;", [":b", ":d"], 1),
            ("SELECT x[1:2], y[:from_index], f(name := 1), $1", [":from_index"], 0),
            ("SELECT 'back\\'; SELECT :a", [":a"], 1),
            ("SELECT :größe; SELECT 2;", [":größe"], 2),
            ("SELECT U&'d\\0061t', 'a' 'b:c';;", [], 2),
        ])
    func findsParametersAndStatements(_ sql: String, _ parameters: [String], _ semicolons: Int) throws {
        let text = Array(sql.unicodeScalars)
        let tokens = try SQLLexer.tokens(of: text)
        let found = tokens.filter { $0.kind == .parameter }
            .map { String(String.UnicodeScalarView(text[$0.range])) }
        #expect(found == parameters)
        #expect(tokens.count { $0.kind == .semicolon } == semicolons)
        // Nothing is lost or taken twice.
        #expect(tokens.reduce(0) { $1.range.lowerBound == $0 ? $1.range.upperBound : -1 } == text.count)
    }

    @Test(arguments: [("SELECT 'open", 7), ("SELECT $x$ $y$", 7), ("/* /* */", 0), ("SELECT \"open", 7)])
    func pointsAtWhatIsNeverClosed(_ sql: String, _ offset: Int) {
        let fault = #expect(throws: SQLLexer.Unterminated.self) {
            try SQLLexer.tokens(of: Array(sql.unicodeScalars))
        }
        #expect(fault?.offset == offset)
    }

    @Test func positionsCountLinesAndCharacters() {
        let text = Array("SELECT 1,\n  'ä', x".unicodeScalars)
        let position = SourcePosition(of: text.count - 1, in: text)
        #expect(position == SourcePosition(line: 2, column: 8))
        #expect(excerpt(of: "SELECT 1,\n  'ä', x", at: position) == "      'ä', x\n           ^")
    }
}
