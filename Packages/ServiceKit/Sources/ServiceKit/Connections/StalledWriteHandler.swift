import NIOCore

/// Ends a connection whose client does not read what is written to it.
///
/// It stands next to the socket, where what was written is bytes. That the client reads shows by what the channel still
/// holds; how long a whole answer takes does not matter, so that a slow client gets its file.
final class StalledWriteHandler: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundIn = IOData
    typealias OutboundOut = IOData

    private var timeout: TimeAmount
    private let drainingTimeout: TimeAmount
    private var written = 0
    /// How many bytes had left, and when that was first seen.
    private var progress: (bytes: Int, at: NIODeadline)?
    private var check: Scheduled<Void>?

    /// - Parameters:
    ///   - timeout: how long nothing may leave while something waits to.
    ///   - drainingTimeout: the same once the server is about to end, which a client must not delay.
    init(timeout: TimeAmount, drainingTimeout: TimeAmount) {
        self.timeout = timeout
        self.drainingTimeout = min(timeout, drainingTimeout)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        written += unwrapOutboundIn(data).readableBytes
        context.write(data, promise: promise)
        if check == nil { scheduleCheck(context) }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event is ChannelShouldQuiesceEvent {
            timeout = drainingTimeout
            if check != nil { scheduleCheck(context) }
        }
        context.fireUserInboundEventTriggered(event)
    }

    func handlerRemoved(context: ChannelHandlerContext) { check?.cancel() }

    func channelInactive(context: ChannelHandlerContext) {
        check?.cancel()
        context.fireChannelInactive()
    }

    private func scheduleCheck(_ context: ChannelHandlerContext) {
        check?.cancel()
        // Four looks within the time: a connection ends at most a quarter of it too late.
        let pause = TimeAmount.nanoseconds(timeout.nanoseconds / 4 + 1)
        check = context.eventLoop.assumeIsolated().scheduleTask(in: pause) { self.look(context) }
    }

    private func look(_ context: ChannelHandlerContext) {
        check = nil
        let held = (try? context.channel.syncOptions?.getOption(.bufferedWritableBytes)) ?? 0
        guard held > 0 else {
            progress = nil
            return
        }
        let now = NIODeadline.now()
        let gone = written - held
        if let progress, progress.bytes == gone {
            guard now - progress.at < timeout else { return context.close(promise: nil) }
        } else {
            progress = (gone, now)
        }
        scheduleCheck(context)
    }
}
