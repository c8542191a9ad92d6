import DatabaseClient
import ExactTypes
import Foundation
import Hummingbird
import Logging
import NIOCore
import NotificationsContract
import ServiceKit
import ServiceLifecycle
import SharedTypes
import StrictJSON

/// A user's messages as server-sent events, from a place in the inbox on, for as long as somebody listens.
///
/// A message is written after it was read from the database, in the order of its id, and the client keeps the last id:
/// what it has not seen when the connection breaks comes first on the next one.
struct EventStream: Sendable {
    private static let page = 100

    let database: Database
    let listener: InboxListener
    let user: User.ID
    /// The last message that the client has seen; nil where it begins anew.
    let lastSeen: Notification.ID?
    /// When the access token ends, and the stream with it.
    let expiresAt: Date?
    /// How long it is silent at most.
    let heartbeat: Duration
    let now: @Sendable () -> Date

    /// Writes until the client goes, the token expires or the server shuts down.
    func write(to writer: inout any ResponseBodyWriter, of request: Request) async throws {
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
        let state = try await readInbox(of: user, on: database)
        let latest = state.latestID.map { Notification.ID($0) }
        try await writer.write(
            Self.event("unread", UnreadEvent(unread: state.unread, untilID: latest)))
        var last = lastSeen ?? latest ?? .lowest
        var written = ContinuousClock.now
        listener.wake()
        for await _ in listener.wakeups {
            let before = last
            var isMore = true
            while isMore {
                let rows = try await readInbox(of: user, after: last, limit: Self.page, on: database)
                for row in rows {
                    try await writer.write(
                        Self.event("notification", try NotificationsAPI.Notification(row), id: row.id))
                    last = row.id
                }
                isMore = rows.count == Self.page
            }
            if last != before {
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
            guard let pause = Self.pause(until: expiresAt, now: now(), heartbeat: heartbeat) else {
                return listener.end()
            }
            try? await Task.sleep(for: pause)
            listener.wake()
        }
    }

    /// Until the next look at the clock: the heartbeat, or what is left of the token; nil where nothing is left.
    static func pause(until expiresAt: Date?, now: Date, heartbeat: Duration) -> Duration? {
        guard let expiresAt else { return heartbeat }
        let left = expiresAt.timeIntervalSince(now)
        guard left > 0 else { return nil }
        // A token may name any moment, and a Duration holds only so many seconds.
        return left < heartbeat / .seconds(1) ? .seconds(left) : heartbeat
    }

    private struct UnreadEvent: JSONWritable {
        let unread: Int
        /// The latest message that the count knows of.
        let untilID: Notification.ID?

        func write(to writer: inout JSONWriter) {
            writer.beginObject()
            writer.member("\"unread\":")
            writer.write(unread)
            if let untilID {
                writer.member("\"until_id\":")
                writer.write(untilID)
            }
            writer.endObject()
        }
    }

    /// One event. JSON has no line breaks, so its data is one line.
    private static func event(
        _ name: String, _ data: some JSONWritable, id: Notification.ID? = nil
    ) -> ByteBuffer {
        var buffer = ByteBuffer()
        if let id { buffer.writeString("id: \(id)\n") }
        buffer.writeString("event: \(name)\ndata: ")
        buffer.writeBytes(data.json)
        buffer.writeString("\n\n")
        return buffer
    }
}
