/// A place in a text file: line and column count from 1, columns in Unicode scalars.
public struct SourcePosition: Sendable, Hashable, Comparable {
    public let line: Int
    public let column: Int

    public init(line: Int, column: Int) {
        self.line = line
        self.column = column
    }

    /// The place of `offset` Unicode scalars into `text`; past the end it is the end.
    public init(of offset: Int, in text: [Unicode.Scalar]) {
        let before = text[..<min(max(offset, 0), text.count)]
        line = 1 + before.count { $0 == "\n" }
        column = 1 + (before.lastIndex(of: "\n").map { before.count - $0 - 1 } ?? before.count)
    }

    public static func < (left: SourcePosition, right: SourcePosition) -> Bool {
        (left.line, left.column) < (right.line, right.column)
    }
}

/// The line of `text` that holds `position`, and under it a caret at the column.
public func excerpt(of text: String, at position: SourcePosition) -> String {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    guard lines.indices.contains(position.line - 1) else { return "" }
    let line = lines[position.line - 1]
    let margin = line.unicodeScalars.prefix(position.column - 1).map { $0 == "\t" ? "\t" : " " }.joined()
    return "    \(line)\n    \(margin)^"
}
