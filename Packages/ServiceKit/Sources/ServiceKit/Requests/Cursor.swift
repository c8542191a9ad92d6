import ContractKit
public import Foundation
import StrictJSON

/// The place in a list from which the next page goes on. To a client it is an opaque text.
public enum Cursor {
    /// The cursor that holds these values: the sort key of a page's last row.
    public static func encode(_ values: [String]) -> String {
        Data(JSONValue.array(values.map(JSONValue.string)).text.utf8).base64URL
    }

    /// The values of a cursor, of the types that the list puts in; throws ``foreign`` for any other text.
    public static func decode<each Value: LosslessStringConvertible>(
        _ cursor: String, as types: repeat (each Value).Type
    ) throws(Problem) -> (repeat each Value) {
        var texts = ArraySlice(try texts(of: cursor))
        func next<Next: LosslessStringConvertible>(_ type: Next.Type) throws(Problem) -> Next {
            guard let text = texts.popFirst(), let value = Next(text) else { throw foreign }
            return value
        }
        let values = (repeat try next(each types))
        guard texts.isEmpty else { throw foreign }
        return values
    }

    /// 422 naming `after`: the text is no cursor, or one of another list.
    public static var foreign: Problem { .invalid("after", "is not a cursor of this list") }

    private static func texts(of cursor: String) throws(Problem) -> [String] {
        guard let data = Data(base64URL: cursor),
            case .array(let elements)? = try? JSONParser.parse(Array(data))
        else { throw foreign }
        var texts: [String] = []
        for element in elements {
            guard case .string(let text) = element, !text.unicodeScalars.contains("\u{0}") else {
                throw foreign
            }
            texts.append(text)
        }
        return texts
    }
}

/// A moment in a cursor, in microseconds since 1970, as the database keeps it: exact in these centuries, as `Date` is.
public struct CursorMoment: LosslessStringConvertible, Sendable {
    /// The moment.
    public let date: Date

    /// The moment of a row.
    public init(_ date: Date) { self.date = date }

    /// Reads microseconds; nil where they are beyond the years 1 to 9999.
    public init?(_ description: String) {
        guard let microseconds = Int64(description),
            (-62_135_596_800_000_000...253_402_300_800_000_000).contains(microseconds)
        else { return nil }
        date = Date(timeIntervalSince1970: Double(microseconds) / 1_000_000)
    }

    /// The microseconds.
    public var description: String { String(Int64((date.timeIntervalSince1970 * 1_000_000).rounded())) }
}
