import HTTPTypes
import NIOCore
import NIOHTTP1
import NIOHTTPTypes

/// Turns NIO's heads into those of HTTPTypes and back, by bytes. The codec that Hummingbird puts here reads every target
/// with Foundation's URL parser, which takes longer than all else that is done with a head.
final class HTTPTypesCodec: ChannelDuplexHandler, RemovableChannelHandler, Sendable {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            guard let method = HTTPRequest.Method(head.method.rawValue) else {
                context.fireErrorCaught(HTTPParserError.invalidMethod)
                return
            }
            let request = HTTPRequest(
                method: method, scheme: "http", authority: head.headers.first(name: "Host"),
                path: Self.path(of: head.uri), headerFields: Self.fields(of: head.headers))
            context.fireChannelRead(wrapInboundOut(.head(request)))
        case .body(let bytes): context.fireChannelRead(wrapInboundOut(.body(bytes)))
        case .end(let trailers):
            context.fireChannelRead(wrapInboundOut(.end(trailers.map { Self.fields(of: $0) })))
        }
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        let part: HTTPServerResponsePart =
            switch unwrapOutboundIn(data) {
            case .head(let response):
                .head(
                    HTTPResponseHead(
                        version: .http1_1, status: HTTPResponseStatus(statusCode: response.status.code),
                        headers: Self.headers(of: response.headerFields)))
            case .body(let bytes): .body(.byteBuffer(bytes))
            case .end(let trailers): .end(trailers.map { Self.headers(of: $0) })
            }
        context.write(wrapOutboundOut(part), promise: promise)
    }

    /// The path and query of a target: itself where it begins with a slash, as all but proxies' do, else what follows the
    /// authority.
    static func path(of target: String) -> String {
        if target.utf8.first == UInt8(ascii: "/") { return target }
        let scheme = target.utf8.prefix { $0 != UInt8(ascii: ":") }
        let isScheme = scheme.allSatisfy {
            $0 | 0x20 >= UInt8(ascii: "a") && $0 | 0x20 <= UInt8(ascii: "z")
        }
        let rest = target.utf8.dropFirst(scheme.count)
        guard isScheme, rest.starts(with: "://".utf8) else { return target }
        let path = rest.dropFirst(3).drop { $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: "?") }
            .prefix { $0 != UInt8(ascii: "#") }
        return (path.first == UInt8(ascii: "/") ? "" : "/") + String(Substring(path))
    }

    /// Host has become the authority; a second one was refused before.
    private static func fields(of headers: HTTPHeaders) -> HTTPFields {
        var fields = HTTPFields()
        fields.reserveCapacity(headers.count)
        for (name, value) in headers {
            guard let name = HTTPField.Name(name), name != host else { continue }
            fields.append(HTTPField(name: name, value: value))
        }
        return fields
    }

    private static let host = HTTPField.Name("Host") ?? .from

    private static func headers(of fields: HTTPFields) -> HTTPHeaders {
        HTTPHeaders(fields.map { ($0.name.rawName, $0.value) })
    }
}
