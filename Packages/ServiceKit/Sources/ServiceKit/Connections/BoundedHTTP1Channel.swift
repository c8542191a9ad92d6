import DatabaseClient
import HummingbirdCore
import Logging
import NIOCore
import NIOHTTP1
import NIOHTTPTypesHTTP1

/// Hummingbird's HTTP/1.1, with what it has no settings for: connections are counted, and clients that do not read or
/// do not end are cut off.
struct BoundedHTTP1Channel: ServerChildChannel {
    typealias Value = HTTP1Channel.Value

    let http1: HTTP1Channel
    let registry: ConnectionRegistry
    let writeTimeout: TimeAmount
    let drainingTimeout: TimeAmount
    let remainder: TimeAmount

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
        http1.setup(channel: channel, logger: logger).flatMapThrowing { value in
            let pipeline = channel.pipeline.syncOperations
            try pipeline.addHandler(
                StalledWriteHandler(timeout: writeTimeout, drainingTimeout: drainingTimeout), position: .first
            )
            let parser = try pipeline.handler(type: ByteToMessageHandler<HTTPRequestDecoder>.self)
            try pipeline.addHandler(
                ConnectionHandler(
                    registry: registry, remainder: remainder, drainingTimeout: drainingTimeout),
                position: .after(parser))
            let codec = try pipeline.handler(type: HTTP1ToHTTPServerCodec.self)
            try pipeline.addHandler(HTTPTypesCodec(), position: .after(codec))
            pipeline.removeHandler(codec, promise: nil)
            return value
        }
    }

    /// A connection's requests are worked on where their database answers. Measured, the hops between threads cost more
    /// than all else together.
    func handle(value: Value, logger: Logger) async {
        await withTaskExecutorPreference(EpollTaskExecutor.next()) {
            await http1.handle(value: value, logger: logger)
        }
    }
}
