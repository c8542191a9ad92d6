import ContractKit
import DatabaseClient
import ExactTypes
import Foundation
import HTTPTypes
import Hummingbird
import ServiceKit
import SharedTypes

/// `/v1/notifications/stream`.
struct StreamRoutes {
    let database: Database
    let watch: InboxWatch
    let heartbeat: Duration
    let now: @Sendable () -> Date

    func add(to router: ServiceRouter) { router.get("/v1/notifications/stream", use: stream) }

    @Sendable private func stream(_ request: Request, _ context: ServiceContext) async throws -> Response {
        let user = try context.user()
        try Fields.query(of: request).finish()
        let stream = EventStream(
            database: database, listener: try watch.listen(for: user.userID), user: user.userID,
            lastSeen: try Self.lastSeen(request), expiresAt: user.expiresAt, heartbeat: heartbeat, now: now)
        return Response(
            status: .ok,
            headers: [
                .contentType: "text/event-stream", .cacheControl: "no-cache",
                // nginx and its like would hold the events back to fill a buffer.
                Self.accelBuffering: "no",
            ],
            body: ResponseBody { writer in try await stream.write(to: &writer, of: request) })
    }

    private static func lastSeen(_ request: Request) throws(Problem) -> Notification.ID? {
        guard let text = request.headers[.lastEventID], !text.isEmpty else { return nil }
        guard let id = Notification.ID(text) else {
            throw .invalid("Last-Event-ID", "is not the id of an event of this stream")
        }
        return id
    }

    // A token of HTTP's grammar, so the name is there.
    private static let accelBuffering = HTTPField.Name("X-Accel-Buffering") ?? .from
}
