import Foundation

/// The place in a list from which the next page goes on. To a client it is an opaque text.
public enum Cursor {
    /// The cursor that holds these values: the sort key of a page's last row.
    public static func encode(_ values: [String]) -> String {
        Data(JSONValue.array(values.map(JSONValue.string)).text.utf8).base64URL
    }

    /// The values of a cursor, so many as the list puts in; throws 422 naming `after` for any other text.
    public static func decode(_ cursor: String, count: Int) throws(Problem) -> [String] {
        guard let data = Data(base64URL: cursor),
            case .array(let elements)? = try? JSONParser.parse(Array(data)), elements.count == count
        else { throw .invalid("after", "is not a cursor of this list") }
        var values: [String] = []
        for element in elements {
            guard case .string(let value) = element, !value.unicodeScalars.contains("\u{0}") else {
                throw .invalid("after", "is not a cursor of this list")
            }
            values.append(value)
        }
        return values
    }
}
