/// A Swift text taken apart: what is code, what is comment, and what stands in string literals.
///
/// Code, comments and literals keep the line breaks of the text, so that a line of one is the same line of the
/// others. Code inside an interpolation counts as code.
struct SwiftSource {
    /// The text without comments and without what stands in string literals.
    private(set) var code = ""
    /// The comments, each line of them with its slashes.
    private(set) var comments = ""
    /// What stands in string literals.
    private(set) var literals = ""

    private var characters: [Character]
    private var position = 0

    init(_ text: String) {
        characters = Array(text)
        readCode(untilParenthesis: false)
        characters = []
    }

    private func sees(_ text: String) -> Bool { characters[position...].starts(with: text) }

    /// Takes one character to its part, and a line break to all three.
    private mutating func take(_ part: WritableKeyPath<SwiftSource, String>) {
        let character = characters[position]
        position += 1
        guard character.isNewline else {
            self[keyPath: part].append(character)
            return
        }
        code.append("\n")
        comments.append("\n")
        literals.append("\n")
    }

    private mutating func readCode(untilParenthesis isInterpolation: Bool) {
        var depth = 0
        while position < characters.count {
            switch characters[position] {
            case "/" where sees("//"): readLineComment()
            case "/" where sees("/*"): readBlockComment()
            case "\"": readLiteral(pounds: 0)
            case "#": readPounds()
            case ")" where isInterpolation && depth == 0: return
            case "(":
                depth += 1
                take(\.code)
            case ")":
                depth -= 1
                take(\.code)
            default: take(\.code)
            }
        }
    }

    /// Pounds begin a raw literal if a quote follows them, and are code otherwise (`#expect`, `#if`).
    private mutating func readPounds() {
        let pounds = characters[position...].prefix { $0 == "#" }.count
        if characters.dropFirst(position + pounds).first == "\"" {
            position += pounds
            readLiteral(pounds: pounds)
        } else {
            for _ in 0..<pounds { take(\.code) }
        }
    }

    private mutating func readLineComment() {
        while position < characters.count, !characters[position].isNewline { take(\.comments) }
    }

    private mutating func readBlockComment() {
        var depth = 0
        repeat {
            if sees("/*") { depth += 1 }
            if sees("*/") { depth -= 1 }
            // A mark is two characters; the second must not begin a mark of its own, as it would in "/*/".
            if sees("/*") || sees("*/") { take(\.comments) }
            take(\.comments)
        } while depth > 0 && position < characters.count
    }

    private mutating func readLiteral(pounds: Int) {
        let quotes = sees("\"\"\"") ? "\"\"\"" : "\""
        let end = quotes + String(repeating: "#", count: pounds)
        let escape = "\\" + String(repeating: "#", count: pounds)
        position += quotes.count
        code.append("\"")
        while position < characters.count, !sees(end) {
            if sees(escape + "(") {
                position += escape.count + 1
                readCode(untilParenthesis: true)
                position += 1
            } else if sees(escape) {
                position += escape.count
                if position < characters.count { take(\.literals) }
            } else {
                take(\.literals)
            }
        }
        position = min(position + end.count, characters.count)
        code.append("\"")
        literals.append(" ")
    }
}
