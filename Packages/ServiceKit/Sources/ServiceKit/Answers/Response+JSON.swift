import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import StrictJSON

extension Response {
    /// A JSON answer: keys in snake case and sorted, moments in UTC with microseconds. With a revision it
    /// carries that as its ETag.
    public static func json(
        _ value: some Encodable, status: HTTPResponse.Status = .ok, revision: Int? = nil,
        headers: HTTPFields = [:]
    ) throws -> Response {
        var headers = headers
        headers[.contentType] = "application/json; charset=utf-8"
        if let revision { headers[.eTag] = entityTag(revision) }
        return Response(
            status: status, headers: headers, body: .init(byteBuffer: try jsonBody(value)))
    }

    /// The body of a JSON answer alone, for what carries it in another form, as an event stream. One line.
    public static func jsonBody(_ value: some Encodable) throws -> ByteBuffer {
        ByteBuffer(bytes: try JSONCoding.encode(value))
    }

    /// 204 without a body.
    public static let noContent = Response(status: .noContent)

    /// 304 with the ETag of the revision that the client has already.
    public static func notModified(revision: Int) -> Response {
        Response(status: .notModified, headers: [.eTag: entityTag(revision)])
    }

    static func entityTag(_ revision: Int) -> String { "\"\(revision)\"" }
}
