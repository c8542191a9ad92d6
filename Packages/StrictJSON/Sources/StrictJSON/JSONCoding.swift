import ExactTypes
public import Foundation

/// How a Swift value is written as JSON and read again: answers, events, and the payloads of jobs. Keys are in snake
/// case and sorted, moments are those of RFC 3339 in UTC.
public enum JSONCoding {
    /// The value as JSON, on one line.
    public static func encode(_ value: some Encodable) throws -> Data {
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .custom { path in
            Key(stringValue: path.last.map { memberName($0.stringValue) } ?? "")
        }
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.dateEncodingStrategy = .custom { date, encoder in
            var container = encoder.singleValueContainer()
            try container.encode(date.rfc3339)
        }
        return try encoder.encode(value)
    }

    /// The value as JSON text, on one line.
    public static func text(_ value: some Encodable) throws -> String {
        String(decoding: try encode(value), as: UTF8.self)
    }

    /// Reads what ``encode(_:)`` has written. What somebody else wrote is read by ``JSONValue/init(parsing:)``.
    public static func decode<Value: Decodable>(
        _ type: Value.Type, from text: some StringProtocol
    ) throws -> Value {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .custom { path in
            Key(stringValue: path.last.map { propertyName($0.stringValue) } ?? "")
        }
        decoder.dateDecodingStrategy = .custom { decoder in
            let container = try decoder.singleValueContainer()
            do {
                return try Date(rfc3339: try container.decode(String.self))
            } catch let error as ParseError {
                throw DecodingError.dataCorruptedError(in: container, debugDescription: error.reason)
            }
        }
        return try decoder.decode(Value.self, from: Data(text.utf8))
    }

    /// `portfolioIDs` is `portfolio_ids`, which Foundation's own strategy would call `portfolio_i_ds`.
    static func memberName(_ name: String) -> String {
        // By bytes: names of properties are ASCII, and an answer has hundreds of them.
        let letters = Array(name.utf8)
        func isCapital(_ index: Int) -> Bool { letters.indices.contains(index) && letters[index].isCapital }
        func isSmall(_ index: Int) -> Bool { letters.indices.contains(index) && letters[index].isSmall }
        var words: [UInt8] = []
        words.reserveCapacity(letters.count + 4)
        for (index, letter) in letters.enumerated() {
            guard letter.isCapital else {
                words.append(letter)
                continue
            }
            // Within capitals a word begins at the last one, save before the s of their plural.
            let isPlural = letters.dropFirst(index + 1).first == UInt8(ascii: "s") && !isSmall(index + 2)
            let endsCapitals = isSmall(index + 1) && !isPlural
            if index > 0, !isCapital(index - 1) || endsCapitals { words.append(UInt8(ascii: "_")) }
            words.append(letter | 0x20)
        }
        return String(decoding: words, as: UTF8.self)
    }

    /// `transaction_id` is `transactionID`, which Foundation's own strategy would call `transactionId`.
    static func propertyName(_ key: String) -> String {
        let words = key.split(separator: "_")
        return words.dropFirst().reduce(into: String(words.first ?? "")) { name, word in
            name +=
                word == "id" ? "ID" : word == "ids" ? "IDs" : word.prefix(1).uppercased() + word.dropFirst()
        }
    }

    private struct Key: CodingKey {
        let stringValue: String
        let intValue: Int? = nil
        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }
}

extension UInt8 {
    fileprivate var isCapital: Bool { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(self) }
    fileprivate var isSmall: Bool { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(self) }
}
