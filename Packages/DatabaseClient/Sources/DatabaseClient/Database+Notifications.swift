import Logging

/// What a listener hears.
public enum ChannelEvent: Sendable, Equatable {
    /// It listens, for the first time or again: what was sent before was not heard, so look for it now.
    case reconnected
    /// The payload of a NOTIFY.
    case notification(String)
}

extension Database {
    /// Listens on a channel, on a connection of its own past any pooler, until the iteration ends. A connection
    /// that breaks is replaced, with growing pauses up to two seconds.
    ///
    /// A consumer that is slower than its channel loses the oldest events beyond a thousand: NOTIFY wakes, and
    /// what there is to do stands in a table.
    public func notifications(channel: String) -> AsyncStream<ChannelEvent> {
        AsyncStream(bufferingPolicy: .bufferingNewest(1_000)) { continuation in
            let options = configuration.directOptions
            let task = Task { [logger] in
                var pause = Duration.milliseconds(50)
                while !Task.isCancelled {
                    do {
                        try await Self.listen(channel, options) {
                            pause = .milliseconds(50)
                            continuation.yield($0)
                        }
                        logger.debug("the listening connection was lost", metadata: ["channel": "\(channel)"])
                    } catch {
                        logger.debug("listening again", metadata: ["reason": "\(error)"])
                    }
                    try? await Task.sleep(for: pause)
                    pause = min(pause * 2, .seconds(2))
                }
                continuation.finish()
            }
            continuation.onTermination = { _ in task.cancel() }
        }
    }

    /// Listens until the connection or the task ends.
    private static func listen(
        _ channel: String, _ options: ConnectionOptions, _ tell: (ChannelEvent) -> Void
    ) async throws {
        let connection = try await DatabaseConnection.connect(options, on: EpollExecutor.all[0])
        let (payloads, arriving) = AsyncStream<String>.makeStream(bufferingPolicy: .bufferingNewest(1_000))
        do {
            try await connection.listen(channel) { payload in
                if let payload { arriving.yield(payload) } else { arriving.finish() }
            }
        } catch {
            await connection.close()
            throw error
        }
        tell(.reconnected)
        for await payload in payloads { tell(.notification(payload)) }
        await connection.close()
    }
}
