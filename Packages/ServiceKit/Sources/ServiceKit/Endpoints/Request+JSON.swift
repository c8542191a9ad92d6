import ContractKit
import Foundation
import Hummingbird
import NIOCore
import StrictJSON

extension Request {
    /// The JSON object that is the body, and its bytes.
    ///
    /// Throws 400 where it is malformed or no object, 413 where it is too large, and 415 where it is not declared as
    /// `application/json`.
    func json(_ context: ServiceContext) async throws -> (value: JSONValue, bytes: ByteBuffer) {
        let bytes = try await bytes(context, contentTypes: ["application/json"])
        let value: JSONValue
        do throws(JSONSyntaxError) {
            value = try JSONParser.parse(Array(bytes.readableBytesView))
        } catch {
            throw Problem.badRequest(
                "body", "The body is not JSON: \(error.reason), at byte \(error.offset).")
        }
        guard case .object = value else {
            throw Problem.badRequest("body", "The body must be a JSON object, and is \(value.kind).")
        }
        return (value, bytes)
    }

    /// The query's parameters as texts; throws 422 naming one that stands there twice or is not UTF-8.
    func queryValues() throws(Problem) -> [String: JSONValue] {
        var values: [String: JSONValue] = [:]
        for pair in (uri.query ?? "").split(separator: "&") {
            let encodedName = pair.prefix { $0 != "=" }
            guard let name = Self.decoded(encodedName) else {
                throw .invalid(String(encodedName), "is not percent-encoded UTF-8")
            }
            guard let value = Self.decoded(pair.dropFirst(encodedName.count + 1)) else {
                throw .invalid(name, "is not percent-encoded UTF-8")
            }
            guard values.updateValue(.string(value), forKey: name) == nil else {
                throw .invalid(name, "must stand there once")
            }
        }
        return values
    }

    private static func decoded(_ text: Substring) -> String? {
        text.replacingOccurrences(of: "+", with: " ").removingPercentEncoding
    }
}
