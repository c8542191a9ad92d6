import HTTPTypes
import NIOCore
import NIOHTTP1

/// Keeps a connection to the rules that stand above single requests, between the parser and Hummingbird: whether there
/// is room for it, what HTTP/1 says of a request's first lines, and how long the rest of a request may take that has
/// its answer already.
final class ConnectionHandler: ChannelDuplexHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    /// How the answer to a request goes with its connection.
    private struct Delivery {
        let isOldVersion: Bool
        let endsConnection: Bool
    }

    private let registry: ConnectionRegistry
    private let remainder: TimeAmount
    private let drainingTimeout: TimeAmount
    private var isAdmitted = false
    /// Whether the client has ended its side of the connection: no further byte comes.
    private(set) var hasInputEnded = false
    /// After a request that is refused as malformed nothing is read any more.
    private var isRefused = false
    /// A request has begun, and its end has not come.
    private var isReading = false
    private var isDraining = false
    /// What is being answered has no length, and an old client knows its end by the connection's.
    private var endsWithAnswer = false
    /// Of each request that has no whole answer yet, in order.
    private var deliveries: CircularBuffer<Delivery> = []
    private var cut: Scheduled<Void>?

    /// - Parameters:
    ///   - remainder: how long what is left of a request may take after its answer.
    ///   - drainingTimeout: how long nothing may come of a request that has begun, once the server is about to end.
    init(registry: ConnectionRegistry, remainder: TimeAmount, drainingTimeout: TimeAmount) {
        self.registry = registry
        self.remainder = remainder
        self.drainingTimeout = drainingTimeout
    }

    func channelActive(context: ChannelHandlerContext) {
        isAdmitted = registry.admit(context.channel)
        context.fireChannelActive()
        if !isAdmitted { context.close(promise: nil) }
    }

    func channelInactive(context: ChannelHandlerContext) {
        if isAdmitted { registry.closed(context.channel) }
        cut?.cancel()
        context.fireChannelInactive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isRefused else { return }
        switch unwrapInboundIn(data) {
        case .head(var head):
            guard Self.hasOneHost(head) else {
                isRefused = true
                context.fireErrorCaught(HTTPParserError.invalidHeaderToken)
                return
            }
            isReading = true
            registry.becameBusy(context.channel)
            deliveries.append(
                Delivery(isOldVersion: Self.isOld(head.version), endsConnection: !head.isKeepAlive))
            // This word is what Hummingbird knows the end by.
            if !head.isKeepAlive { head.headers.replaceOrAdd(name: "Connection", value: "close") }
            if !Self.knownMethods.contains(head.method.rawValue) {
                head.method = .RAW(value: ServiceApplication.otherMethod.rawValue)
            }
            context.fireChannelRead(wrapInboundOut(.head(head)))
        case .body:
            if isDraining, !deliveries.isEmpty { scheduleCut(context, in: drainingTimeout) }
            context.fireChannelRead(data)
        case .end:
            isReading = false
            cut?.cancel()
            cut = nil
            becomeIdle(context)
            context.fireChannelRead(data)
        }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event as? ChannelEvent == .inputClosed { hasInputEnded = true }
        if event is ChannelShouldQuiesceEvent {
            isDraining = true
            if isReading, !deliveries.isEmpty { scheduleCut(context, in: drainingTimeout) }
        }
        context.fireUserInboundEventTriggered(event)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        switch unwrapOutboundIn(data) {
        case .head(var head) where !(100..<200).contains(head.status.code):
            if let delivery = deliveries.first { prepare(&head, delivery) }
            context.write(wrapOutboundOut(.head(head)), promise: promise)
        case .head, .body: context.write(data, promise: promise)
        case .end:
            _ = deliveries.popFirst()
            if endsWithAnswer {
                context.writeAndFlush(data, promise: promise)
                context.close(promise: nil)
                return
            }
            context.write(data, promise: promise)
            if isReading, deliveries.isEmpty { scheduleCut(context, in: remainder) }
            becomeIdle(context)
        }
    }

    private func becomeIdle(_ context: ChannelHandlerContext) {
        if !isReading, deliveries.isEmpty { registry.becameIdle(context.channel) }
    }

    private func scheduleCut(_ context: ChannelHandlerContext, in time: TimeAmount) {
        cut?.cancel()
        cut = context.eventLoop.assumeIsolated().scheduleTask(in: time) { context.close(promise: nil) }
    }

    /// Says in the answer what becomes of the connection.
    private func prepare(_ head: inout HTTPResponseHead, _ delivery: Delivery) {
        if delivery.isOldVersion {
            // It does not know chunks.
            head.version = .http1_0
            endsWithAnswer = !head.headers.contains(name: "Content-Length") && head.status.mayHaveResponseBody
        }
        if delivery.endsConnection || endsWithAnswer {
            head.headers.replaceOrAdd(name: "Connection", value: "close")
        } else if delivery.isOldVersion, !head.headers.contains(name: "Connection") {
            head.headers.add(name: "Connection", value: "keep-alive")
        }
    }

    /// HTTP/1.1 wants one Host and no more; before it there need not be any.
    private static func hasOneHost(_ head: HTTPRequestHead) -> Bool {
        let count = head.headers["Host"].count
        return count == 1 || count == 0 && isOld(head.version)
    }

    private static func isOld(_ version: HTTPVersion) -> Bool {
        version.major < 1 || version.major == 1 && version.minor < 1
    }

    private static let knownMethods = Set(ServiceApplication.methods.map(\.rawValue))
}
