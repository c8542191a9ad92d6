/// How names of the schema become names of Swift.
public enum Naming {
    /// `portfolio_id` → `portfolioID`, `avatar_url` → `avatarURL`, `instrument_ids` → `instrumentIDs`; `id`
    /// stays.
    public static func property(_ name: String) -> String {
        let words = name.split(separator: "_")
        guard let first = words.first else { return name }
        return String(first) + words.dropFirst().map { capitalised($0) }.joined()
    }

    /// `transaction_type` → `TransactionType`.
    public static func type(_ name: String) -> String {
        name.split(separator: "_").map { capitalised($0, initialisms: false) }.joined()
    }

    /// `findPortfolio` → `FindPortfolio`.
    public static func capitalisedFirst(_ name: some StringProtocol) -> String {
        name.prefix(1).uppercased() + name.dropFirst()
    }

    /// The singular of a plural table name: `transaction_fees` → `transaction_fee`, `entries` → `entry`.
    public static func singular(_ name: String) -> String {
        if name.hasSuffix("ies") { return name.dropLast(3) + "y" }
        for ending in ["sses", "shes", "ches", "xes"] where name.hasSuffix(ending) {
            return String(name.dropLast(2))
        }
        if name.hasSuffix("s") && !name.hasSuffix("ss") && !name.hasSuffix("us") {
            return String(name.dropLast())
        }
        return name
    }

    /// A word that Swift keeps for itself is written in backquotes.
    public static func escaped(_ name: String) -> String { keywords.contains(name) ? "`\(name)`" : name }

    private static func capitalised(_ word: Substring, initialisms: Bool = true) -> String {
        switch word {
        case "id" where initialisms: "ID"
        case "ids" where initialisms: "IDs"
        case "url" where initialisms: "URL"
        default: capitalisedFirst(word)
        }
    }

    private static let keywords: Set<String> = [
        "as", "associatedtype", "break", "case", "catch", "class", "continue", "default", "defer", "deinit",
        "do",
        "else", "enum", "extension", "fallthrough", "false", "fileprivate", "for", "func", "guard", "if",
        "import",
        "in", "init", "inout", "internal", "is", "let", "nil", "operator", "precedencegroup", "private",
        "protocol",
        "public", "repeat", "rethrows", "return", "self", "static", "struct", "subscript", "super", "switch",
        "throw", "throws", "true", "try", "typealias", "var", "where", "while",
    ]
}
