import HTTPTypes
import Hummingbird
import NIOCore

extension HeavyWork.Turn {
    /// The answer, with which the turn is held until it is written: what a slow client has yet to read is in memory,
    /// and one user has one of it. An answer that is never written ends the turn as it goes.
    public func held(until response: Response, to context: ServiceContext) -> Response {
        guard isHeld else { return response }
        var response = response
        let (body, loop) = (response.body, context.channel.eventLoop)
        response.body = ResponseBody(contentLength: body.contentLength) { writer in
            try await body.write(PacedWriter(parent: writer, loop: loop))
            withExtendedLifetime(self) {}
        }
        return response
    }
}

/// Lets each write be seen by the connection before the next, which then waits until the client has read: what is
/// written in quick succession would else be taken whole.
private struct PacedWriter: ResponseBodyWriter {
    var parent: any ResponseBodyWriter
    let loop: any EventLoop

    mutating func write(_ buffer: ByteBuffer) async throws {
        try await parent.write(buffer)
        try await loop.submit {}.get()
    }

    consuming func finish(_ trailingHeaders: HTTPFields?) async throws {
        try await parent.finish(trailingHeaders)
    }
}
