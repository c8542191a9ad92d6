extension SourceTree.File {
    static func imports(in code: String) -> [(module: String, line: Int)] {
        let pattern =
            /(?:^|;)\s*(?:@\w+(?:\([^)]*\))?\s+)*(?:(?:public|package|internal|fileprivate|private)\s+)?import\s+(?:(?:struct|class|enum|protocol|typealias|func|let|var)\s+)?(\w+)/
        return lines(code).flatMap { line, code in
            code.contains("import") ? code.matches(of: pattern).map { (String($0.1), line) } : []
        }
    }

    /// The lines of the code, without comments and literals, counted from one.
    var codeLines: [(line: Int, code: Substring)] { Self.lines(source.code) }

    /// The lines of what stands in string literals, counted from one.
    var literalLines: [(line: Int, code: Substring)] { Self.lines(source.literals) }

    private static func lines(_ text: String) -> [(line: Int, code: Substring)] {
        text.split(separator: "\n", omittingEmptySubsequences: false).enumerated().map { ($0 + 1, $1) }
    }
}
