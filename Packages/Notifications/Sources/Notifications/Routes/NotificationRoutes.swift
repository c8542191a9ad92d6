import ContractKit
import DatabaseClient
import EventLog
import ExactTypes
import Foundation
import NotificationsContract
import ServiceKit
import SharedTypes
import StrictJSON

/// `/v1/notifications`, without the event stream.
struct NotificationRoutes {
    private typealias API = NotificationsAPI

    let database: Database

    func add(to routes: EndpointRoutes) {
        routes.read(API.ListNotifications.self, list)
        routes.read(API.CountUnreadNotifications.self, countUnread)
        routes.once(API.ReadAllNotifications.self, readAll)
        routes.once(API.ReadNotification.self, read)
        routes.once(API.ArchiveNotification.self, archive)
    }

    @Sendable private func list(
        _ call: Call<API.ListNotifications>
    ) async throws -> API.ListNotifications.Output {
        let page = try call.page(Notification.ID.self)
        let filter = InboxFilter(isUnread: call.parameters.unread, category: call.parameters.category)
        let rows = try await readInbox(
            of: call.user, filter, before: page.after ?? .highest, limit: page.rowLimit, on: database)
        return .ok(try page.answer(rows, API.Notification.init) { $0.id })
    }

    @Sendable private func countUnread(
        _ call: Call<API.CountUnreadNotifications>
    ) async throws -> API.CountUnreadNotifications.Output {
        let own = database.acting(as: call.user.uuid)
        return .ok(API.Unread(unread: try await countUnreadMessages(of: call.user, on: own)))
    }

    @Sendable private func readAll(
        _ call: Call<API.ReadAllNotifications>, _ operation: OperationContext
    ) async throws -> API.ReadAllNotifications.Output {
        .ok(
            API.Unread(
                unread: try await readMessages(of: call.user, until: call.body.untilID, in: operation)))
    }

    @Sendable private func read(
        _ call: Call<API.ReadNotification>, _ operation: OperationContext
    ) async throws -> API.ReadNotification.Output {
        .ok(
            try API.Notification(
                await readMessage(call.parameters.notificationID, of: call.user, in: operation)))
    }

    @Sendable private func archive(
        _ call: Call<API.ArchiveNotification>, _ operation: OperationContext
    ) async throws -> API.ArchiveNotification.Output {
        .ok(
            try API.Notification(
                await archiveMessage(call.parameters.notificationID, of: call.user, in: operation)))
    }
}

extension NotificationsAPI.Notification {
    /// A message as clients get it, in a list and in the event stream.
    init(_ row: NotificationRow) throws {
        self.init(
            id: row.id, category: row.category, template: row.template, title: row.title, body: row.body,
            data: try JSONValue(parsing: Array(row.data.utf8)), priority: row.priority, readAt: row.readAt,
            archivedAt: row.archivedAt, createdAt: row.createdAt)
    }
}
