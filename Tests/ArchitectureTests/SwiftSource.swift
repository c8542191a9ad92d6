/// A Swift text taken apart: what is code, what is comment, and what stands in string literals.
///
/// Code, comments and literals keep the line breaks of the text, so that a line of one is the same line of the
/// others. Code inside an interpolation counts as code. It works on bytes, because there are a million of them.
struct SwiftSource {
    /// The text without comments and without what stands in string literals.
    let code: String
    /// The comments, each line of them with its slashes.
    let comments: String
    /// What stands in string literals.
    let literals: String

    init(_ text: String) {
        var scanner = SwiftScanner(bytes: Array(text.utf8))
        scanner.readCode(isInterpolation: false)
        code = String(decoding: scanner.code, as: UTF8.self)
        comments = String(decoding: scanner.comments, as: UTF8.self)
        literals = String(decoding: scanner.literals, as: UTF8.self)
    }
}

private struct SwiftScanner {
    enum Part { case code, comments, literals }

    private static let newline = UInt8(ascii: "\n")
    private static let quote = UInt8(ascii: "\"")
    private static let pound = UInt8(ascii: "#")
    private static let slash = UInt8(ascii: "/")
    private static let star = UInt8(ascii: "*")

    var code: [UInt8] = []
    var comments: [UInt8] = []
    var literals: [UInt8] = []
    private let bytes: [UInt8]
    private var position = 0

    init(bytes: [UInt8]) { self.bytes = bytes }

    private func byte(_ offset: Int = 0) -> UInt8 {
        position + offset < bytes.count ? bytes[position + offset] : 0
    }

    private func sees(_ text: [UInt8]) -> Bool {
        for (offset, expected) in text.enumerated() where byte(offset) != expected { return false }
        return true
    }

    /// Takes one byte to its part, and a line break to all three.
    private mutating func take(_ part: Part) {
        guard position < bytes.count else { return }
        let byte = bytes[position]
        position += 1
        if part == .code || byte == Self.newline { code.append(byte) }
        if part == .comments || byte == Self.newline { comments.append(byte) }
        if part == .literals || byte == Self.newline { literals.append(byte) }
    }

    /// Reads to the end, or to the parenthesis that closes an interpolation.
    mutating func readCode(isInterpolation: Bool) {
        var depth = 0
        while position < bytes.count {
            switch byte() {
            case Self.slash where byte(1) == Self.slash: readLineComment()
            case Self.slash where byte(1) == Self.star: readBlockComment()
            case Self.quote: readLiteral(pounds: 0)
            case Self.pound: readPounds()
            case UInt8(ascii: ")") where isInterpolation && depth == 0: return
            case UInt8(ascii: "("):
                depth += 1
                take(.code)
            case UInt8(ascii: ")"):
                depth -= 1
                take(.code)
            default: take(.code)
            }
        }
    }

    /// Pounds begin a raw literal if a quote follows them, and are code otherwise (`#expect`, `#if`).
    private mutating func readPounds() {
        var pounds = 0
        while byte(pounds) == Self.pound { pounds += 1 }
        if byte(pounds) == Self.quote {
            position += pounds
            readLiteral(pounds: pounds)
        } else {
            for _ in 0..<pounds { take(.code) }
        }
    }

    private mutating func readLineComment() {
        while position < bytes.count, byte() != Self.newline { take(.comments) }
    }

    private mutating func readBlockComment() {
        var depth = 0
        repeat {
            let isStart = byte() == Self.slash && byte(1) == Self.star
            let isEnd = byte() == Self.star && byte(1) == Self.slash
            depth += isStart ? 1 : isEnd ? -1 : 0
            // A mark is two bytes, and the second begins no mark of its own, as it would in "/*/".
            if isStart || isEnd { take(.comments) }
            take(.comments)
        } while depth > 0 && position < bytes.count
    }

    private mutating func readLiteral(pounds: Int) {
        let isLong = byte(1) == Self.quote && byte(2) == Self.quote
        let marks = [UInt8](repeating: Self.pound, count: pounds)
        let end = [UInt8](repeating: Self.quote, count: isLong ? 3 : 1) + marks
        let escape = [UInt8(ascii: "\\")] + marks
        position += isLong ? 3 : 1
        code.append(Self.quote)
        while position < bytes.count, !sees(end) {
            guard sees(escape) else {
                take(.literals)
                continue
            }
            position += escape.count
            if byte() == UInt8(ascii: "(") {
                position += 1
                readCode(isInterpolation: true)
                position += 1
            } else {
                take(.literals)
            }
        }
        position = min(position + end.count, bytes.count)
        code.append(Self.quote)
        literals.append(UInt8(ascii: " "))
    }
}
