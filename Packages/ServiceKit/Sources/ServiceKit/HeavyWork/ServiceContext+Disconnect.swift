import NIOCore

extension ServiceContext {
    /// Runs long work, and cancels it as soon as the client has gone: its connection is closed, or it has ended its
    /// side of it. Call it when the body is read; without it, work goes on for an answer that nobody reads.
    public func whileConnected<Value: Sendable>(
        _ work: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        let watch = DisconnectHandler()
        // Of a channel that is closed already, the work is what fails.
        try? await channel.pipeline.addHandler(watch, position: .first).get()
        let result: Result<Value, any Error>
        do {
            result = .success(
                try await withThrowingTaskGroup(of: Value?.self) { group in
                    group.addTask { try await work() }
                    group.addTask {
                        for await _ in watch.disconnections {}
                        return nil
                    }
                    defer { group.cancelAll() }
                    // Cancelling is all that a disconnect does: the work may have committed in the last moment.
                    if let value = try await group.next() ?? nil { return value }
                    group.cancelAll()
                    guard let value = try await group.next() ?? nil else { throw CancellationError() }
                    return value
                })
        } catch {
            result = .failure(error)
        }
        try? await channel.pipeline.removeHandler(watch).get()
        return try result.get()
    }
}

/// Notes that a client has gone. NIO reports the end of a connection's input whether or not anybody reads from it.
private final class DisconnectHandler: ChannelInboundHandler, RemovableChannelHandler, Sendable {
    typealias InboundIn = Never

    /// Ends where the client has gone.
    let disconnections: AsyncStream<Void>
    private let continuation: AsyncStream<Void>.Continuation

    init() { (disconnections, continuation) = AsyncStream.makeStream() }

    func handlerAdded(context: ChannelHandlerContext) {
        if !context.channel.isActive { continuation.finish() }
    }

    func channelInactive(context: ChannelHandlerContext) {
        continuation.finish()
        context.fireChannelInactive()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event as? ChannelEvent == .inputClosed { continuation.finish() }
        context.fireUserInboundEventTriggered(event)
    }
}
