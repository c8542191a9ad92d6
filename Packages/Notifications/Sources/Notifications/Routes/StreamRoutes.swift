import DatabaseClient
import Foundation
import HTTPTypes
import Hummingbird
import NotificationsContract
import ServiceKit

/// `/v1/notifications/stream`.
struct StreamRoutes {
    private typealias API = NotificationsAPI

    let database: Database
    let watch: InboxWatch
    let heartbeat: Duration
    let now: @Sendable () -> Date

    func add(to routes: EndpointRoutes) { routes.respond(API.StreamNotifications.self, stream) }

    @Sendable private func stream(_ call: Call<API.StreamNotifications>) async throws -> Response {
        let stream = EventStream(
            database: database, listener: try watch.listen(for: call.user), user: call.user,
            lastSeen: call.parameters.lastEventID, expiresAt: call.principal.expiresAt, heartbeat: heartbeat,
            now: now)
        return Response(
            status: .ok,
            headers: [
                .contentType: "text/event-stream", .cacheControl: "no-cache",
                // nginx and its like would hold the events back to fill a buffer.
                Self.accelBuffering: "no",
            ],
            body: ResponseBody { writer in try await stream.write(to: &writer, of: call.request) })
    }

    // A token of HTTP's grammar, so the name is there.
    private static let accelBuffering = HTTPField.Name("X-Accel-Buffering") ?? .from
}
