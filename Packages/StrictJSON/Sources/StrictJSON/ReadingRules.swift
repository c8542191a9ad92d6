public import ExactTypes

/// How strictly a value is read, by who wrote it.
public struct ReadingRules: Sendable, Hashable {
    /// Whether limits, patterns and unknown members are faults.
    public let isStrict: Bool
    /// Whether every value is a text that numbers and booleans are parsed from, as in a query.
    public let holdsTexts: Bool
    /// Whether a text may not have control characters.
    public let refusesControlCharacters: Bool

    private init(isStrict: Bool, holdsTexts: Bool = false, refusesControlCharacters: Bool = false) {
        self.isStrict = isStrict
        self.holdsTexts = holdsTexts
        self.refusesControlCharacters = refusesControlCharacters
    }

    /// The body of a request: all that the contract does not know is refused.
    public static let request = ReadingRules(isStrict: true, refusesControlCharacters: true)
    /// The parameters of a request, which are texts.
    public static let parameters = ReadingRules(
        isStrict: true, holdsTexts: true, refusesControlCharacters: true)
    /// An answer as a client reads it: what a later contract adds breaks no client that is out.
    public static let answer = ReadingRules(isStrict: false)
    /// An answer as a test reads it: exactly what the contract says.
    public static let strictAnswer = ReadingRules(isStrict: true)
}

/// A value that is read from JSON; a fault names the field within it.
public protocol JSONReadable {
    /// Reads one value.
    init(reading value: JSONValue, _ rules: ReadingRules) throws(FieldError)
}

extension JSONValue: JSONReadable, JSONWritable {
    /// The value itself.
    public init(reading value: JSONValue, _ rules: ReadingRules) throws(FieldError) { self = value }

    /// Writes the value, objects with sorted keys.
    public func write(to writer: inout JSONWriter) { writer.write(self) }
}
