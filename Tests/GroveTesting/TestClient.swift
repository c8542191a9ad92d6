import AsyncHTTPClient
import ContractKit
import Foundation
import NIOCore
import NIOHTTP1
import ServiceKit
import StrictJSON

/// A plain HTTP client over a real socket.
public final class TestClient: Sendable {
    public struct Answer: Sendable {
        public let status: Int
        public let headers: [String: String]
        public let text: String

        /// As the contract's endpoint reads it.
        var contracted: ContractKit.Answer {
            let content = headers["content-type"].map { Content(type: $0, bytes: Array(text.utf8)) }
            return ContractKit.Answer(
                status: status, headers: headers.map { (name: $0.key, value: $0.value) }, content: content)
        }

        /// The body as JSON; `.null` where it is none.
        public var json: JSONValue {
            (try? JSONValue(parsing: text)) ?? .null
        }
    }

    public static let shared = TestClient()
    /// Whether what a POST has made is read again at its Location.
    @TaskLocal public static var readsLocations = true

    private let client = HTTPClient.shared

    /// Sends one request and reads the whole answer, which must be one that its contract has.
    public func send(
        _ method: String, _ url: String, headers: [String: String] = [:], body: String? = nil,
        timeoutSeconds: Int64 = 60
    ) async throws -> Answer {
        let answer = try await request(
            method, url, headers: headers, body: body, timeoutSeconds: timeoutSeconds)
        ContractCheck.hold(answer.contracted, to: method, url)
        try await expectSame(
            atLocationOf: answer.contracted, to: method, url, authorization: headers["Authorization"])
        return answer
    }

    private func request(
        _ method: String, _ url: String, headers: [String: String], body: String?, timeoutSeconds: Int64
    ) async throws -> Answer {
        var request = HTTPClientRequest(url: url)
        request.method = .RAW(value: method)
        for (name, value) in headers { request.headers.add(name: name, value: value) }
        if let body {
            if headers["Content-Type"] == nil {
                request.headers.add(name: "Content-Type", value: "application/json")
            }
            request.body = .bytes(ByteBuffer(string: body))
        }
        let response = try await client.execute(request, timeout: .seconds(timeoutSeconds))
        let bytes = try await response.body.collect(upTo: 64 << 20)
        var names: [String: String] = [:]
        for (name, value) in response.headers { names[name.lowercased()] = value }
        return Answer(status: Int(response.status.code), headers: names, text: String(buffer: bytes))
    }
}

extension JSONValue {
    /// A member of an object; nil where this is none or has no such member.
    public subscript(key: String) -> JSONValue? {
        guard case .object(let members) = self else { return nil }
        return members[key]
    }

    /// An element of an array.
    public subscript(index: Int) -> JSONValue? {
        guard case .array(let elements) = self, elements.indices.contains(index) else { return nil }
        return elements[index]
    }

    /// The text of a string.
    public var string: String? {
        guard case .string(let text) = self else { return nil }
        return text
    }
}
