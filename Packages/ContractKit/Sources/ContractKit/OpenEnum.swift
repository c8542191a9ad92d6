public import ExactTypes
public import StrictJSON

/// A case of an enumeration in an answer, or the text of one that the reader's contract does not know yet.
///
/// So a value more in the contract of a server breaks no client that is out.
public enum OpenEnum<Known: RawRepresentable<String> & CaseIterable & Hashable & Sendable>: Sendable, Hashable
{
    /// A case that this contract knows.
    case known(Known)
    /// What a later contract says.
    case unknown(String)

    /// The case; nil where this contract does not know it.
    public var known: Known? {
        guard case .known(let known) = self else { return nil }
        return known
    }

    /// The text, as it stands in the answer.
    public var text: String {
        switch self {
        case .known(let known): known.rawValue
        case .unknown(let text): text
        }
    }
}

extension OpenEnum: JSONReadable, JSONWritable {
    /// Reads the text; where the reading is strict, one that is no case is refused.
    public init(reading value: JSONValue, _ rules: ReadingRules) throws(FieldError) {
        let text = try ValueReader.text()(value, rules)
        if let known = Known(rawValue: text) {
            self = .known(known)
        } else if rules.isStrict {
            throw FieldError(field: "", reason: ParseError.noChoice(of: Known.self).reason)
        } else {
            self = .unknown(text)
        }
    }

    /// Writes the text.
    public func write(to writer: inout JSONWriter) { writer.write(text) }
}
