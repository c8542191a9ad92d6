/// One row of a CSV file.
public struct CSVRow: Sendable, Hashable {
    /// The line of the file on which the row begins, as an editor counts them, the first being 1.
    public let line: Int
    /// The fields as they stand, without the quotes around them and the spaces beside them.
    public let fields: [String]
}
