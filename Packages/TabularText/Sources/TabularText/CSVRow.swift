/// One row of a CSV file.
public struct CSVRow: Sendable, Hashable {
    /// The header is 0 and the row below it is 1; empty lines are not counted.
    public let number: Int
    /// The line on which the row begins, the first being 1.
    public let line: Int
    /// The fields as they stand, without the quotes around them and the spaces beside them.
    public let fields: [String]
}
