import ContractKit
import Foundation
import Hummingbird
public import NIOCore
public import StrictJSON

extension Request {
    /// The JSON object that is the body, and its bytes.
    ///
    /// Throws 400 where it is malformed or no object, 413 where it is too large, and 415 where it is not declared as
    /// `application/json`.
    func json(_ context: ServiceContext) async throws -> (value: JSONValue, bytes: ByteBuffer) {
        let bytes = try await bytes(context, contentTypes: ["application/json"])
        return (try JSONValue(body: bytes), bytes)
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

extension JSONValue {
    /// The JSON object that is the body of a request; throws 400 where it is malformed or no object.
    ///
    /// - Parameter cancellation: is asked at each value; where it is so, `CancellationError` is thrown.
    public init(body bytes: ByteBuffer, _ cancellation: HeavyWork.Cancellation? = nil) throws {
        do throws(JSONSyntaxError) {
            self = try JSONParser.parse(
                Array(bytes.readableBytesView),
                isCancelled: cancellation.map { cancelled in { cancelled.isCancelled } })
        } catch {
            // What was not read to its end is no JSON, either.
            try cancellation?.check()
            throw Problem.badRequest(
                "body", "The body is not JSON: \(error.reason), at byte \(error.offset).")
        }
        guard case .object = self else {
            throw Problem.badRequest("body", "The body must be a JSON object, and is \(kind).")
        }
    }
}
