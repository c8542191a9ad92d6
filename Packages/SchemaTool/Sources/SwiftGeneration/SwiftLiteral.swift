/// Texts of the schema as Swift writes them.
enum SwiftLiteral {
    /// In one line, whatever it holds.
    static func string(_ text: String) -> String {
        var literal = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": literal += "\\\""
            case "\\": literal += "\\\\"
            case _ where isPlain(scalar): literal.unicodeScalars.append(scalar)
            default: literal += "\\u{\(String(scalar.value, radix: 16, uppercase: true))}"
            }
        }
        return literal + "\""
    }

    /// What an editor shows as it is: no control character, no mark of direction, nothing that joins what is before it.
    private static func isPlain(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .nonspacingMark, .enclosingMark,
            .spacingMark, .privateUse, .unassigned, .surrogate:
            false
        case .spaceSeparator: scalar == " "
        default: true
        }
    }

    /// The signs around a raw text of several lines: none where it can be read as it was written.
    static func hashes(around text: String) -> String {
        guard text.contains("\\") || text.contains("\"\"\"") else { return "" }
        var hashes = "#"
        while text.contains("\"\"\"\(hashes)") || text.contains("\\\(hashes)") { hashes += "#" }
        return hashes
    }
}
