import Migrations

/// Something wrong in a file that people write, with its place, and what to do.
public struct Diagnostic: Error, Sendable, Hashable, CustomStringConvertible {
    public enum Severity: String, Sendable {
        /// Nothing is generated from the statement.
        case error
        /// The statement is good; something in it is not needed, or not known.
        case warning
    }

    public let severity: Severity
    /// Relative to the repository.
    public let file: String
    public let position: SourcePosition
    public let message: String
    /// The line at fault with a caret under the place; empty when there is none.
    public let excerpt: String
    public let hint: String

    public init(
        file: String, position: SourcePosition, message: String, excerpt: String = "", hint: String = "",
        severity: Severity = .error
    ) {
        self.severity = severity
        self.file = file
        self.position = position
        self.message = message
        self.excerpt = excerpt
        self.hint = hint
    }

    /// `Packages/Market/Queries/bars.sql:12:8: error: …`, as editors and CI read it.
    public var description: String {
        [
            "\(file):\(position.line):\(position.column): \(severity): \(message)", excerpt,
            hint.isEmpty ? "" : "    → \(hint)",
        ]
        .filter { !$0.isEmpty }.joined(separator: "\n")
    }
}
