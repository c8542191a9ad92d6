public import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import ServiceLifecycle
public import StrictJSON

/// One event as text/event-stream writes it. JSON has no line breaks, so its data is one line.
public struct StreamEvent: Sendable {
    let bytes: ByteBuffer

    /// - Parameter id: what a client gives back as `Last-Event-ID`; nil where it cannot go on from this event.
    public init(_ name: String, _ data: some JSONWritable, id: String? = nil) {
        var buffer = ByteBuffer()
        if let id { buffer.writeString("id: \(id)\n") }
        buffer.writeString("event: \(name)\ndata: ")
        buffer.writeBytes(data.json)
        buffer.writeString("\n\n")
        bytes = buffer
    }
}

/// What a stream of events gives, page after page.
public protocol StreamedEvents: Sendable {
    /// What is new since the last page, and whether more of it waits. It is asked at the beginning, and then whenever the
    /// stream was woken.
    mutating func nextPage() async throws -> (events: [StreamEvent], isMore: Bool)
}

/// Server-sent events for one client, for as long as it listens.
public struct EventStream<Events: StreamedEvents>: Sendable {
    let events: Events
    let listener: StreamListener
    /// When the access token ends, and the stream with it.
    let expiresAt: Date?
    /// How long it is silent at most.
    let heartbeat: Duration
    let now: @Sendable () -> Date

    public init(
        _ events: Events, listener: StreamListener, expiresAt: Date?, heartbeat: Duration,
        now: @escaping @Sendable () -> Date
    ) {
        self.events = events
        self.listener = listener
        self.expiresAt = expiresAt
        self.heartbeat = heartbeat
        self.now = now
    }

    /// The answer that the stream is.
    func response(to request: Request) -> Response {
        Response(
            status: .ok,
            headers: [
                .contentType: "text/event-stream", .cacheControl: "no-cache",
                // nginx and its like would hold the events back to fill a buffer.
                .accelBuffering: "no",
            ],
            body: ResponseBody { writer in try await write(to: &writer, of: request) })
    }

    /// Writes until the client goes, the token expires or the server shuts down.
    private func write(to writer: inout any ResponseBodyWriter, of request: Request) async throws {
        let timers = Task { await keepTime() }
        defer { timers.cancel() }
        try await withGracefulShutdownHandler {
            try await request.body.consumeWithInboundCloseHandler { _ in
                try await writeEvents(to: &writer)
            } onInboundClosed: {
                listener.end()
            }
        } onGracefulShutdown: {
            listener.end()
        }
        try await writer.finish(nil)
    }

    private func writeEvents(to writer: inout any ResponseBodyWriter) async throws {
        var events = events
        var written = ContinuousClock.now
        listener.wake()
        for await _ in listener.wakeups {
            var isMore = true
            var isSilent = true
            while isMore {
                let page = try await events.nextPage()
                for event in page.events { try await writer.write(event.bytes) }
                isSilent = isSilent && page.events.isEmpty
                isMore = page.isMore
            }
            if !isSilent {
                written = .now
            } else if written.duration(to: .now) >= heartbeat * 0.9 {
                try await writer.write(ByteBuffer(string: ": still here\n\n"))
                written = .now
            }
        }
    }

    /// Wakes the stream for its heartbeat, and ends it with the token.
    private func keepTime() async {
        while !Task.isCancelled {
            guard let pause = streamPause(until: expiresAt, now: now(), heartbeat: heartbeat) else {
                return listener.end()
            }
            try? await Task.sleep(for: pause)
            listener.wake()
        }
    }
}

/// Until a stream's next look at the clock: the heartbeat, or what is left of the token; nil where nothing is left.
func streamPause(until expiresAt: Date?, now: Date, heartbeat: Duration) -> Duration? {
    guard let expiresAt else { return heartbeat }
    let left = expiresAt.timeIntervalSince(now)
    guard left > 0 else { return nil }
    // A token may name any moment, and a Duration holds only so many seconds.
    return left < heartbeat / .seconds(1) ? .seconds(left) : heartbeat
}

extension HTTPField.Name {
    // A token of HTTP's grammar, so the name is there.
    fileprivate static let accelBuffering = HTTPField.Name("X-Accel-Buffering") ?? .from
}
