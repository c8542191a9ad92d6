import ContractKit
import Crypto
import Foundation
import Hummingbird
import NIOCore
import StrictJSON

extension Fields {
    /// The JSON object that is the request's body.
    ///
    /// Throws 400 where it is malformed or no object, 413 where it is larger than `limit` bytes, and 415
    /// where it is not declared as `application/json`.
    public static func body(
        of request: Request, context: ServiceContext, limit: Int? = nil
    ) async throws -> Fields {
        let bytes = try await request.bytes(context, limit: limit, contentTypes: ["application/json"])
        return try Fields(parsing: bytes)
    }

    /// The JSON object in these bytes, read by a calculation that may be cancelled; throws 400 naming `body`,
    /// and `CancellationError`.
    public init(parsing bytes: ByteBuffer, _ cancellation: HeavyWork.Cancellation?) throws {
        do throws(Problem) {
            try self.init(bytes, cancellation)
        } catch {
            // What was not read to its end is no JSON, either.
            try cancellation?.check()
            throw error
        }
    }

    /// The JSON object in these bytes; throws 400 naming `body`.
    public init(parsing bytes: ByteBuffer) throws(Problem) { try self.init(bytes, nil) }

    private init(_ bytes: ByteBuffer, _ cancellation: HeavyWork.Cancellation?) throws(Problem) {
        let value: JSONValue
        do throws(JSONSyntaxError) {
            value = try JSONParser.parse(
                Array(bytes.readableBytesView),
                isCancelled: cancellation.map { cancelled in { cancelled.isCancelled } })
        } catch {
            throw .badRequest("body", "The body is not JSON: \(error.reason), at byte \(error.offset).")
        }
        guard case .object(let members) = value else {
            throw .badRequest("body", "The body must be a JSON object, and is \(value.kind).")
        }
        self.init(members, path: "", fingerprint: Array(SHA256.hash(data: bytes.readableBytesView)))
    }

    /// The query's parameters; throws 422 naming one that stands there twice or is not UTF-8.
    public static func query(of request: Request) throws(Problem) -> Fields {
        Fields(try request.queryValues(), path: "", holdsTexts: true)
    }
}
