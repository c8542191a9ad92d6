/// What a rule has against one statement of a migration.
public struct Finding: Sendable, Hashable, Codable {
    /// As the command was given it: `migrations/20260101000000_shop.up.sql`.
    public let file: String
    /// From 1.
    public let line: Int
    /// The rule's name, as a waiver names it.
    public let rule: String
    /// What is wrong.
    public let message: String
    /// What to write in its place.
    public let instead: String

    public init(file: String, line: Int, rule: String, message: String, instead: String) {
        self.file = file
        self.line = line
        self.rule = rule
        self.message = message
        self.instead = instead
    }
}

extension Finding: CustomStringConvertible {
    /// `migrations/…up.sql:12: index-not-concurrent: …`, as editors and CI read it.
    public var description: String { "\(file):\(line): \(rule): \(message)\n    → \(instead)" }
}

extension Finding: Comparable {
    public static func < (left: Finding, right: Finding) -> Bool {
        (left.file, left.line, left.rule, left.message) < (right.file, right.line, right.rule, right.message)
    }
}
