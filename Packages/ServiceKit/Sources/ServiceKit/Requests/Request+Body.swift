import ContractKit
import HTTPTypes
import Hummingbird
import NIOCore

extension Request {
    /// The whole body.
    ///
    /// Throws 415 where the content type is none of those given, or the body is compressed or not UTF-8; 413 where it
    /// is larger than `limit` bytes (the service's limit where the route gives none), and 400 where it ends early.
    public func bytes(
        _ context: ServiceContext, limit: Int? = nil, contentTypes: [String]
    ) async throws -> ByteBuffer {
        let announced = try announcedBytes(context, limit: limit, contentTypes: contentTypes)
        let limit = limit ?? context.bodyLimit
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

    /// How long the body says it is, before any of it is read; nil where it does not say. Throws what ``bytes`` does, as
    /// far as the headers tell.
    public func announcedBytes(
        _ context: ServiceContext, limit: Int? = nil, contentTypes: [String]
    ) throws(Problem) -> Int? {
        let type = headers[.contentType].map { mediaType($0) }
        guard let type, contentTypes.contains(type) else {
            throw .unsupported(
                "Content-Type", "Content-Type must be \(contentTypes.joined(separator: " or ")).")
        }
        guard headers[.contentType].flatMap(charset) ?? "utf-8" == "utf-8" else {
            throw .unsupported("Content-Type", "The charset must be utf-8.")
        }
        guard headers[values: .contentEncoding].allSatisfy({ $0.lowercased() == "identity" }) else {
            throw .unsupported("Content-Encoding", "The body must not be compressed.")
        }
        let limit = limit ?? context.bodyLimit
        let announced = headers[.contentLength].flatMap { Int($0) }
        if let announced, announced > limit { throw .bodyTooLarge(limit) }
        return announced
    }

    private func mediaType(_ header: String) -> String {
        header.prefix { $0 != ";" }.filter { !$0.isWhitespace }.lowercased()
    }

    /// The parameter `charset` of a content type, in lower case; nil where there is none.
    private func charset(_ header: String) -> String? {
        for parameter in header.split(separator: ";").dropFirst() {
            let halves = parameter.filter { !$0.isWhitespace && $0 != "\"" }.lowercased().split(
                separator: "=")
            if halves.first == "charset" { return halves.dropFirst().joined(separator: "=") }
        }
        return nil
    }
}

extension Problem {
    /// 415: the body is in a form that is not read, as this header says.
    static func unsupported(_ header: String, _ detail: String) -> Problem {
        Problem(
            .unsupportedMediaType, "unsupported-media-type", "The content type is not supported",
            detail: detail, field: header)
    }

    static func bodyTooLarge(_ limit: Int) -> Problem {
        Problem(
            .contentTooLarge, "body-too-large", "The body is too large",
            detail: "The body may have at most \(limit) bytes.", field: "body")
    }
}
