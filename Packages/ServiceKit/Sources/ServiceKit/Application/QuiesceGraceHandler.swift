import NIOCore

/// Ends the connection as soon as the answer that is under way is written.
struct EndAfterAnswer: Sendable {}

/// Gives a connection that is told to end a moment for the request that its client may have sent already.
///
/// Hummingbird closes a connection without a request at once when the server shuts down, and one whose
/// request lies unread in the kernel is reset. A request that comes within the grace is served, and its
/// answer ends the connection.
final class QuiesceGraceHandler: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = Never

    private let grace: TimeAmount
    private var scheduled: Scheduled<Void>?

    init(grace: TimeAmount) { self.grace = grace }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event {
        case is EndAfterAnswer:
            context.fireUserInboundEventTriggered(ChannelShouldQuiesceEvent())
        case is ChannelShouldQuiesceEvent:
            let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
            scheduled = context.eventLoop.scheduleTask(in: grace) {
                bound.value.fireUserInboundEventTriggered(ChannelShouldQuiesceEvent())
            }
        default:
            context.fireUserInboundEventTriggered(event)
        }
    }

    func handlerRemoved(context: ChannelHandlerContext) { scheduled?.cancel() }
}
