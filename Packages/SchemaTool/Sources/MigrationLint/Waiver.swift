/// `-- lint: allow RULE because REASON`, on the line before a statement.
struct Waiver: Sendable {
    let rule: String
    /// Empty where the words are missing.
    let reason: String
    let line: Int

    static let form = "Write `-- lint: allow RULE because REASON` on the line before the statement."

    /// Nil for a comment that is not meant for the lint.
    init?(_ comment: Statement.Comment) {
        guard let match = comment.text.wholeMatch(of: /--\s*lint:\s*(.*?)\s*/) else { return nil }
        line = comment.line
        guard let words = match.1.wholeMatch(of: /allow\s+([^\s]+)(?:\s+because\s+(.+))?/) else {
            (rule, reason) = ("", "")
            return
        }
        rule = String(words.1)
        reason = words.2.map(String.init) ?? ""
    }
}
