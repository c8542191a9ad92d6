import Testing

/// Something that the repository must not contain.
struct Rule: Sendable, CustomTestStringConvertible {
    /// A sentence that says what holds.
    let name: String
    /// Every place where it does not.
    let violations: @Sendable (SourceTree) -> [Violation]

    var testDescription: String { name }

    static let all: [Rule] = walls + rooms + words + input + documents + wordList
}

/// A place that breaks a rule.
struct Violation: Hashable, CustomStringConvertible {
    let path: String
    /// The line in the file, from one, or nil where the whole file or folder is meant.
    let line: Int?
    let reason: String

    init(_ path: String, line: Int? = nil, _ reason: String) {
        self.path = path
        self.line = line
        self.reason = reason
    }

    var description: String { "\(path)\(line.map { ":\($0)" } ?? ""): \(reason)" }
}
