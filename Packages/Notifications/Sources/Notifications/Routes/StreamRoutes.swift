import DatabaseClient
import Foundation
import NotificationsContract
import ServiceKit

/// `/v1/notifications/stream`.
struct StreamRoutes {
    private typealias API = NotificationsAPI

    let database: Database
    let watch: InboxWatch
    let heartbeat: Duration
    let now: @Sendable () -> Date

    func add(to routes: EndpointRoutes) { routes.stream(API.StreamNotifications.self, stream) }

    @Sendable private func stream(_ call: Call<API.StreamNotifications>) async throws
        -> EventStream<InboxEvents>
    {
        EventStream(
            InboxEvents(database: database, user: call.user, lastSeen: call.parameters.lastEventID),
            listener: try watch.listen(for: call.user), expiresAt: call.principal.expiresAt,
            heartbeat: heartbeat, now: now)
    }
}
