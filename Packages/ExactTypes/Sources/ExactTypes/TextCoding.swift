extension Decoder {
    /// Decodes a value that is written as a JSON string; a text that does not parse becomes a decoding error
    /// at the right path.
    func decodeText<Value>(_ parse: (String) throws(ParseError) -> Value) throws -> Value {
        let container = try singleValueContainer()
        let text = try container.decode(String.self)
        do throws(ParseError) {
            return try parse(text)
        } catch {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: error.reason)
        }
    }
}

extension Encoder {
    /// Encodes a value as its text.
    func encodeText(_ value: some CustomStringConvertible) throws {
        var container = singleValueContainer()
        try container.encode(value.description)
    }
}
