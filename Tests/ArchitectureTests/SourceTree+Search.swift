import Foundation

extension SourceTree.File {
    /// Every place of the code where one of the patterns stands.
    func findings(of bans: [Ban]) -> [Violation] { findings(of: bans, in: source.code) }

    /// Every place of a part of the file where one of the patterns stands.
    func findings(of bans: [Ban], in part: String) -> [Violation] {
        bans.flatMap { ban in
            part.matches(of: ban.pattern).map { Violation(path, line: $0.line, ban.instead) }
        }
    }

    static func imports(in code: String) -> [(module: String, line: Int)] {
        let attributes = #"(?:@\w+(?:\([^)]*\))?\s+)*"#
        let access = #"(?:(?:public|package|internal|fileprivate|private)\s+)?"#
        let kind = #"(?:(?:struct|class|enum|protocol|typealias|func|let|var)\s+)?"#
        return code.matches(of: #"(?:^|;)[ \t]*"# + attributes + access + #"import\s+"# + kind + #"(\w+)"#)
            .map { ($0.group ?? "", $0.line) }
    }
}

extension String {
    /// The places where a regular expression matches: the line, from one, and the first group.
    ///
    /// Foundation's engine is compiled with optimization in every build, which matters here.
    func matches(of pattern: String) -> [(line: Int, group: String?)] {
        guard let expression = try? NSRegularExpression(pattern: pattern, options: .anchorsMatchLines) else {
            return [(0, "\(pattern) is no regular expression")]
        }
        return expression.matches(in: self, range: NSRange(startIndex..., in: self)).map { match in
            let end = Range(match.range, in: self)?.upperBound ?? startIndex
            let line = 1 + self[..<end].utf8.count { $0 == UInt8(ascii: "\n") }
            let group = match.numberOfRanges > 1 ? Range(match.range(at: 1), in: self) : nil
            return (line, group.map { String(self[$0]) })
        }
    }
}
