import AsyncHTTPClient
import Foundation
import NIOCore
import NIOFoundationCompat
import NIOHTTP1
import ServiceKit
import StrictJSON

/// A user of the API, over HTTP.
final class DemoClient {
    struct Refused: Error, CustomStringConvertible {
        let description: String
    }

    private let url: String
    private var token = ""

    init(url: String) { self.url = url }

    func logIn(email: String, password: String) async throws {
        let credentials = JSONValue.object(["email": .string(email), "password": .string(password)]).text
        token = try text("access_token", of: try await send("POST", "/v1/sessions", credentials))
    }

    /// The id of the portfolio of that name, which is made when it is missing.
    func portfolio(named name: String) async throws -> String {
        let list = try await send("GET", "/v1/portfolios")
        if case .object(let page) = list, case .array(let items)? = page["items"] {
            for case .object(let item) in items where item["name"] == .string(name) {
                return try text("id", of: .object(item))
            }
        }
        let wanted = JSONValue.object([
            "name": .string(name), "kind": .string("brokerage"), "base_currency": .string("USD"),
        ])
        return try text("id", of: try await send("POST", "/v1/portfolios", wanted.text))
    }

    /// Imports a CSV file; gives the service's summary.
    func importCSV(_ csv: String, into portfolio: String) async throws -> String {
        let answer = try await send("POST", "/v1/portfolios/\(portfolio)/imports", csv, type: "text/csv")
        guard case .object(var members) = answer else { return answer.text }
        members["rows"] = nil
        return JSONValue.object(members).text
    }

    private func send(
        _ method: String, _ path: String, _ body: String? = nil, type: String = "application/json"
    ) async throws -> JSONValue {
        var request = HTTPClientRequest(url: url + path)
        request.method = .RAW(value: method)
        request.headers.add(name: "Content-Type", value: type)
        request.headers.add(name: "Idempotency-Key", value: UUID().uuidString)
        if !token.isEmpty { request.headers.add(name: "Authorization", value: "Bearer \(token)") }
        if let body { request.body = .bytes(ByteBuffer(string: body)) }
        let response = try await HTTPClient.shared.execute(request, timeout: .seconds(60))
        let bytes = Array((try await response.body.collect(upTo: 16 << 20)).readableBytesView)
        guard (200..<300).contains(response.status.code) else {
            throw Refused(description: "\(method) \(path): \(String(decoding: bytes, as: UTF8.self))")
        }
        return try JSONValue(parsing: bytes)
    }

    private func text(_ key: String, of value: JSONValue) throws -> String {
        guard case .object(let members) = value, case .string(let text)? = members[key] else {
            throw Refused(description: "an answer without \(key): \(value.text)")
        }
        return text
    }
}
