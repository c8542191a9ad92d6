/// A pattern that names its replacement, as every ban should.
struct Ban: Sendable {
    /// A regular expression; `^` and `$` stand for the ends of a line.
    let pattern: String
    /// What to do instead.
    let instead: String

    init(_ pattern: String, _ instead: String) {
        self.pattern = pattern
        self.instead = instead
    }
}
