import HTTPTypes
import Hummingbird
import NIOCore

extension Request {
    /// The whole body.
    ///
    /// Throws 415 where the content type is none of those given, 413 where the body is larger than `limit`
    /// bytes (the service's limit where the route gives none), and 400 where the body ends early.
    public func bytes(
        _ context: ServiceContext, limit: Int? = nil, contentTypes: [String]
    ) async throws -> ByteBuffer {
        let type = headers[.contentType].map { mediaType($0) }
        guard let type, contentTypes.contains(type) else {
            throw Problem(
                .unsupportedMediaType, "unsupported-media-type", "The content type is not supported",
                detail: "Content-Type must be \(contentTypes.joined(separator: " or ")).",
                field: "Content-Type")
        }
        let limit = limit ?? context.bodyLimit
        let announced = headers[.contentLength].flatMap { Int($0) }
        if let announced, announced > limit { throw Problem.bodyTooLarge(limit) }
        let bytes: ByteBuffer
        do {
            bytes = try await body.collect(upTo: limit)
        } catch is NIOTooManyBytesError {
            throw Problem.bodyTooLarge(limit)
        }
        // A connection that breaks looks like the end of the body, and half a file must not be imported.
        if let announced, announced != bytes.readableBytes {
            throw Problem.badRequest("body", "The body ended before its Content-Length.")
        }
        return bytes
    }

    private func mediaType(_ header: String) -> String {
        header.prefix { $0 != ";" }.filter { !$0.isWhitespace }.lowercased()
    }
}

extension Problem {
    static func bodyTooLarge(_ limit: Int) -> Problem {
        Problem(
            .contentTooLarge, "body-too-large", "The body is too large",
            detail: "The body may have at most \(limit) bytes.", field: "body")
    }
}
