import Foundation

/// A request that a fake vendor has received.
public struct FakeRequest: Sendable, Hashable {
    public let method: String
    /// Without the query.
    public let path: String
    /// The last value of each parameter, decoded.
    public let query: [String: String]
    /// By their names in small letters.
    public let headers: [String: String]

    /// Reads the head of a request; nil until it is whole. Vendors that are only read from need no body.
    init?(head bytes: [UInt8]) {
        let text = String(decoding: bytes, as: UTF8.self)
        guard let end = text.range(of: "\r\n\r\n") else { return nil }
        var lines = text[..<end.lowerBound].split(separator: "\r\n")[...]
        let words = (lines.popFirst() ?? "").split(separator: " ")
        guard words.count == 3, let method = words.first, let target = words.dropFirst().first else {
            return nil
        }
        let parts = target.split(separator: "?", maxSplits: 1)
        self.method = String(method)
        path = Self.decoded(parts.first ?? "/")
        var query: [String: String] = [:]
        for pair in (parts.dropFirst().first ?? "").split(separator: "&") {
            let sides = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            query[Self.decoded(sides.first ?? "")] = Self.decoded(sides.dropFirst().first ?? "")
        }
        self.query = query
        var headers: [String: String] = [:]
        for line in lines {
            guard let colon = line.firstIndex(of: ":") else { continue }
            headers[line[..<colon].lowercased()] =
                line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces)
        }
        self.headers = headers
    }

    private static func decoded(_ text: Substring) -> String {
        let spaced = text.replacing("+", with: " ")
        return String(spaced).removingPercentEncoding ?? String(spaced)
    }
}
