/// The revision that an answer shows, as its header ETag and later If-Match and If-None-Match have it.
public struct ETag: Sendable, Hashable, CustomStringConvertible {
    /// The header's value, with its quotes.
    public let description: String

    /// The tag of a revision that is counted.
    public init(revision: Int) { description = "\"\(revision)\"" }

    /// What stands in a header.
    public init(header: String) { description = header }
}
