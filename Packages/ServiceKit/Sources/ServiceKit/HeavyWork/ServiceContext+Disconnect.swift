import ContractKit
import NIOCore

extension ServiceContext {
    /// Runs long work, and cancels it as soon as the client has gone, or where it has gone already: its connection is
    /// closed, or it has ended its side of it. Without it, work goes on for an answer that nobody reads.
    public func whileConnected<Value: Sendable>(
        _ work: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        let watch = DisconnectHandler()
        do {
            try await channel.pipeline.addHandler(watch, position: .first).get()
        } catch {
            // The channel is closed already.
            throw Problem.clientGone
        }
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
                    do {
                        guard let value = try await group.next() ?? nil else { throw CancellationError() }
                        return value
                    } catch is CancellationError where !Task.isCancelled {
                        throw Problem.clientGone
                    }
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
        let connection = try? context.pipeline.syncOperations.handler(type: ConnectionHandler.self)
        if !context.channel.isActive || connection?.hasInputEnded == true { continuation.finish() }
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

extension Problem {
    /// What is logged, and what a client reads that has ended its own side alone.
    static let clientGone = Problem.badRequest(
        "connection",
        "The client ended its side of the connection before the answer, and the work was cancelled.")
}
