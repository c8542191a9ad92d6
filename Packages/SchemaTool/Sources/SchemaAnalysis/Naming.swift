/// How names of the schema become names of Swift.
public enum Naming {
    /// `portfolio_id` → `portfolioID`, `avatar_url` → `avatarURL`, `instrument_ids` → `instrumentIDs`; `id`
    /// stays.
    public static func property(_ name: String) -> String {
        let words = words(name)
        guard let first = words.first else { return name }
        return String(first) + words.dropFirst().map { capitalised($0) }.joined()
    }

    /// `transaction_type` → `TransactionType`.
    public static func type(_ name: String) -> String {
        words(name).map { capitalised($0, initialisms: false) }.joined()
    }

    /// What stands between underscores, blanks and other signs, which a quoted name may hold.
    private static func words(_ name: String) -> [Substring] {
        name.split { !($0.isLetter || $0.isNumber) }
    }

    /// Whether Swift takes it for the name of a type as it stands.
    public static func isType(_ name: String) -> Bool {
        guard let first = name.first, first.isLetter, !first.isLowercase else { return false }
        return name.allSatisfy { $0.isLetter || $0.isNumber }
    }

    /// `findPortfolio` → `FindPortfolio`.
    public static func capitalisedFirst(_ name: some StringProtocol) -> String {
        name.prefix(1).uppercased() + name.dropFirst()
    }

    /// The singular of a plural table name: `transaction_fees` → `transaction_fee`, `entries` → `entry`.
    public static func singular(_ name: String) -> String {
        let start = name.lastIndex(of: "_").map { name.index(after: $0) } ?? name.startIndex
        if let irregular = PluralNouns.singular(String(name[start...])) { return name[..<start] + irregular }
        if name.hasSuffix("ies") { return name.dropLast(3) + "y" }
        for ending in ["sses", "shes", "ches", "xes"] where name.hasSuffix(ending) {
            return String(name.dropLast(2))
        }
        let isSingular = ["ss", "us", "is"].contains { name.hasSuffix($0) }
        return name.hasSuffix("s") && !isSingular ? String(name.dropLast()) : name
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
        // Words only in places, among which are those where generated code has a name.
        "any", "await", "consume", "each", "some", "unsafe",
    ]
}
