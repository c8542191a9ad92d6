import ContractKit
import DatabaseClient
import EventLog
import ExactTypes
import Foundation
import Hummingbird
import ServiceKit
import SharedTypes

/// `/v1/notifications`, without the event stream.
struct NotificationRoutes {
    let database: Database
    let now: @Sendable () -> Date

    func add(to router: ServiceRouter) {
        router.get("/v1/notifications", use: list)
        router.get("/v1/notifications/unread-count", use: countUnread)
        router.post("/v1/notifications/read-all", use: readAll)
        router.post("/v1/notifications/{notification_id}/read", use: read)
        router.post("/v1/notifications/{notification_id}/archive", use: archive)
    }

    @Sendable private func list(_ request: Request, _ context: ServiceContext) async throws -> Response {
        let user = try context.user()
        let query = try Fields.query(of: request)
        let page = try PageQuery.read(from: query)
        let isUnread = try query.optionalBool("unread")
        let category = try query.optionalEnumeration("category", NotificationCategory.self)
        try query.finish()
        let rows = try await database.acting(as: user.userID.uuid).listInbox(
            userID: user.userID, beforeID: try page.after.map(Self.notification) ?? .highest,
            isUnread: isUnread, category: category, rowLimit: page.limit + 1)
        return try .json(
            ListAnswer(rows, limit: page.limit, NotificationAnswer.init) { Cursor.encode(["\($0.id)"]) })
    }

    private static func notification(_ cursor: String) throws(Problem) -> Notification.ID {
        try Cursor.decode(cursor, as: Notification.ID.self)
    }

    private struct UnreadAnswer: Encodable {
        let unread: Int
    }

    @Sendable private func countUnread(_ request: Request, _ context: ServiceContext) async throws -> Response
    {
        let user = try context.user()
        try Fields.query(of: request).finish()
        let unread = try await database.acting(as: user.userID.uuid).countUnread(userID: user.userID)
        return try .json(UnreadAnswer(unread: unread))
    }

    @Sendable private func readAll(_ request: Request, _ context: ServiceContext) async throws -> Response {
        let user = try context.user()
        let fields = try await Fields.body(of: request, context: context)
        let until = try fields.identifier("until_id", Notification.self)
        try fields.finish()
        let now = now()
        return try await Idempotency.perform(
            request, context, operation: "readAllNotifications", body: fields, on: database, now: now
        ) { operation in
            let transaction = operation.transaction
            try await transaction.lockInbox(userID: user.userID)
            _ = try await transaction.markAllRead(now: now, userID: user.userID, untilID: until)
            return try .json(UnreadAnswer(unread: try await transaction.countUnread(userID: user.userID)))
        }
    }

    @Sendable private func read(_ request: Request, _ context: ServiceContext) async throws -> Response {
        try await change(request, context, operation: "readNotification") { user, id, now, transaction in
            try await transaction.markRead(now: now, userID: user, notificationID: id)
        }
    }

    @Sendable private func archive(_ request: Request, _ context: ServiceContext) async throws -> Response {
        try await change(request, context, operation: "archiveNotification") { user, id, now, transaction in
            try await transaction.archiveNotification(now: now, userID: user, notificationID: id)
        }
    }

    private func change(
        _ request: Request, _ context: ServiceContext, operation: String,
        _ change: (User.ID, Notification.ID, Date, DatabaseTransaction) async throws -> NotificationRow?
    ) async throws -> Response {
        let user = try context.user()
        let id = try context.identifier("notification_id", Notification.self)
        let now = now()
        return try await Idempotency.perform(
            request, context, operation: operation, body: nil, on: database, now: now
        ) { operation in
            guard let row = try await change(user.userID, id, now, operation.transaction) else {
                throw NotificationsError.notFound("notification")
            }
            return try .json(NotificationAnswer(row))
        }
    }
}
