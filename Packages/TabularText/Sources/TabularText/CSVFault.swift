/// Why bytes are no CSV, and where.
public struct CSVFault: Error, Sendable, Hashable {
    /// The row below the header, the first being 1; nil where the header is at fault.
    public let row: Int?
    /// The line of the file, the first being 1.
    public let line: Int
    /// A sentence fragment: "has a quote that never closes".
    public let reason: String

    public init(row: Int?, line: Int, _ reason: String) {
        self.row = row
        self.line = line
        self.reason = reason
    }
}
