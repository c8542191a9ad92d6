import ContractKit
import Crypto
import DatabaseClient
import EventLog
import Foundation
import HTTPTypes
import Hummingbird
import NIOCore

/// For a route that makes its response itself, with a key.
extension Idempotency {
    /// The use of a key by an operation that prepares its work before the transaction: it asks for
    /// ``keptAnswer()`` first, and so a repetition prepares nothing.
    public init(
        _ request: Request, _ context: ServiceContext, operation: String, body: ByteBuffer,
        on database: Database, now: Date
    ) throws {
        try self.init(
            request, context, operation: operation,
            bodyHash: Array(SHA256.hash(data: body.readableBytesView)), on: database, now: now)
    }

    /// The answer that the key has already; nil where there is none. Throws 422 where the key was used for another
    /// request.
    public func keptAnswer() async throws -> Response? { try await firstAnswer().map { Response($0) } }

    /// Does the work once; throws 409 while another request with the key runs.
    public func perform(_ work: (OperationContext) async throws -> Response) async throws -> Response {
        Response(try await perform { try await Answer(collecting: work($0)) })
    }
}

extension Answer {
    /// A response with its whole body in memory.
    fileprivate init(collecting response: Response) async throws {
        let collector = BodyCollector()
        try await response.body.write(collector)
        let type = response.headers[.contentType]
        self.init(
            status: response.status.code,
            headers: response.headers.filter { $0.name != .contentType }
                .map { ($0.name.canonicalName, $0.value) },
            content: type.map { Content(type: $0, bytes: Array(collector.bytes.readableBytesView)) })
    }
}

/// Takes a response's body into memory.
private final class BodyCollector: ResponseBodyWriter {
    private(set) var bytes = ByteBuffer()

    func write(_ buffer: ByteBuffer) async throws { bytes.writeImmutableBuffer(buffer) }

    func finish(_ trailingHeaders: HTTPFields?) async throws {}
}
