import Foundation

/// Progress goes to the standard error, so that the standard output holds the answer alone.
func report(_ line: String) {
    FileHandle.standardError.write(Data("\(line)\n".utf8))
}

/// The answer of a command that was asked for JSON.
func printJSON(_ answer: some Encodable) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    encoder.keyEncodingStrategy = .convertToSnakeCase
    encoder.dateEncodingStrategy = .iso8601
    print(String(decoding: try encoder.encode(answer), as: UTF8.self))
}
