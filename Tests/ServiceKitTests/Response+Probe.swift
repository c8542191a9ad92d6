import ContractKit
import HTTPTypes
import Hummingbird
import NIOCore
import StrictJSON

/// What the routes of these tests answer.
extension Response {
    static let noContent = Response(status: .noContent)

    static func json(
        _ value: some Encodable, status: HTTPResponse.Status = .ok, revision: Int? = nil
    ) throws -> Response {
        var headers: HTTPFields = [.contentType: "application/json; charset=utf-8"]
        headers[.eTag] = revision.map { ETag(revision: $0).description }
        return Response(
            status: status, headers: headers,
            body: .init(byteBuffer: ByteBuffer(bytes: try JSONCoding.encode(value))))
    }
}
