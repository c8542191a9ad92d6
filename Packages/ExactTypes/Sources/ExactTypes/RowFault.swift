/// Why a row of a file cannot be taken, or the file as a whole.
public struct RowFault: Error, Sendable, Hashable {
    /// The row as a person sees it: the line of a text file in an editor, the first being 1; the place of an
    /// object in a list of JSON. Nil where no row is at fault.
    public let row: Int?
    /// The column, as the file itself calls it; nil where the whole row is at fault.
    public let column: String?
    /// A sentence fragment that goes on after the column's name: "is not above zero".
    public let reason: String
    /// What has to be answered before the file can be read; nil where it has to be mended.
    public let question: FormatQuestion?

    /// Makes a fault from a fragment that reads well after the column's name.
    public init(
        row: Int? = nil, column: String? = nil, _ reason: String, question: FormatQuestion? = nil
    ) {
        self.row = row
        self.column = column
        self.reason = reason
        self.question = question
    }
}

extension RowFault: CustomStringConvertible {
    /// "Row 20: High is below the open."
    public var description: String {
        (row.map { "Row \($0): " } ?? "") + (column.map { "\($0) " } ?? "") + reason + "."
    }
}

/// What a file leaves open, and only its sender knows: whether 1.500 is a thousand and a half, or one and a
/// half.
public struct FormatQuestion: Sendable, Hashable {
    /// The parameter of the request that answers it: "decimal_mark".
    public let parameter: String
    /// What each answer would make of the text, by the answer: "point": "1.5".
    public let readings: [String: String]

    /// Makes a question from its possible answers.
    public init(parameter: String, readings: [String: String]) {
        self.parameter = parameter
        self.readings = readings
    }
}
