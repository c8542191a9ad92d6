import Foundation

/// How events and the payloads of jobs are written down: JSON with keys in snake_case, moments as RFC 3339 with fractions of a second.
enum EventCoding {
    static func payload(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.outputFormatting = .sortedKeys
        encoder.dateEncodingStrategy = .custom { date, encoder in
            var container = encoder.singleValueContainer()
            try container.encode(date.formatted(style))
        }
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }

    static func value<Value: Decodable>(_ type: Value.Type, from payload: String) throws -> Value {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .custom { path in
            Key(stringValue: path.last.map { propertyName($0.stringValue) } ?? "")
        }
        decoder.dateDecodingStrategy = .custom { decoder in
            try Date(try decoder.singleValueContainer().decode(String.self), strategy: style)
        }
        return try decoder.decode(Value.self, from: Data(payload.utf8))
    }

    /// `transaction_id` is `transactionID`, which Foundation's own strategy would call `transactionId`.
    static func propertyName(_ key: String) -> String {
        let words = key.split(separator: "_")
        return words.dropFirst().reduce(into: String(words.first ?? "")) { name, word in
            name +=
                word == "id" ? "ID" : word == "ids" ? "IDs" : word.prefix(1).uppercased() + word.dropFirst()
        }
    }

    private static let style = Date.ISO8601FormatStyle(includingFractionalSeconds: true)

    private struct Key: CodingKey {
        let stringValue: String
        let intValue: Int? = nil
        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }
}
