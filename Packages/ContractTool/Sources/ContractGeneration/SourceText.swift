/// Lines of Swift, indented by what was opened.
struct SourceText {
    private(set) var lines: [String] = []
    private var depth = 0

    mutating func line(_ text: String = "") {
        lines.append(text.isEmpty ? "" : String(repeating: "    ", count: depth) + text)
    }

    /// A line that ends with an opening brace, what stands between, and the closing one. The cases of a switch stand
    /// under it.
    mutating func block(_ opening: String, _ body: (inout SourceText) -> Void) {
        let step = opening.hasPrefix("switch ") ? 0 : 1
        line(opening + " {")
        depth += step
        body(&self)
        depth -= step
        line("}")
    }

    /// A document's description as a comment, in lines of at most a hundred characters.
    mutating func comment(_ text: String?) {
        guard let text, !text.isEmpty else { return }
        var current = ""
        for word in text.split(whereSeparator: \.isWhitespace) {
            if !current.isEmpty, current.count + word.count > 100 {
                line("/// \(current)")
                current = ""
            }
            current += (current.isEmpty ? "" : " ") + word
        }
        line("/// \(current)")
    }

    var text: String { lines.joined(separator: "\n") + "\n" }
}
