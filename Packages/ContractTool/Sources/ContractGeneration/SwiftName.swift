/// The Swift names of what a document calls in snake case, in camel case or with hyphens.
enum SwiftName {
    /// `instrument_id` is `InstrumentID`.
    static func type(_ name: String) -> String {
        words(name).map { word in
            switch word {
            case "id": "ID"
            case "ids": "IDs"
            case "url": "URL"
            case "csv": "CSV"
            default: word.prefix(1).uppercased() + word.dropFirst()
            }
        }.joined()
    }

    /// `instrument_id` is `instrumentID`, `class` is `` `class` ``.
    static func member(_ name: String) -> String {
        let plain = plainMember(name)
        return keywords.contains(plain) ? "`\(plain)`" : plain
    }

    /// The name as the label of an argument in a call, where few keywords need quotes.
    static func label(_ name: String) -> String {
        let plain = plainMember(name)
        return ["inout", "var", "let"].contains(plain) ? "`\(plain)`" : plain
    }

    /// The name after a dot, where keywords need no quotes.
    static func plainMember(_ name: String) -> String {
        let words = words(name)
        guard let first = words.first else { return "empty" }
        let start = first.allSatisfy(\.isUppercase) ? first.lowercased() : lowercasedStart(first)
        let joined = start + type(words.dropFirst().joined(separator: "_"))
        return joined.first?.isNumber == true ? "n" + joined : joined
    }

    /// `holdings` is `Holding`: the type of an array's elements.
    static func element(_ name: String) -> String {
        let type = type(name)
        if type.hasSuffix("ies") { return type.dropLast(3) + "y" }
        if type.hasSuffix("s"), !type.hasSuffix("ss") { return String(type.dropLast()) }
        return type
    }

    private static func lowercasedStart(_ word: String) -> String {
        word.prefix(1).lowercased() + word.dropFirst()
    }

    /// At underscores, hyphens, dots and spaces.
    private static func words(_ name: String) -> [String] {
        name.split { !($0.isLetter || $0.isNumber) }.map(String.init)
    }

    private static let keywords: Set<String> = [
        "as", "associatedtype", "break", "case", "catch", "class", "continue", "default", "defer", "deinit",
        "do", "else", "enum", "extension", "fallthrough", "false", "fileprivate", "for", "func", "guard",
        "if", "import", "in", "init", "inout", "internal", "is", "let", "nil", "operator", "private",
        "protocol", "public", "repeat", "rethrows", "return", "self", "static", "struct", "subscript",
        "super", "switch", "throw", "throws", "true", "try", "typealias", "var", "where", "while",
    ]
}
