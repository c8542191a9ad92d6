import ExactTypes
import Foundation
import ServiceKit
import SharedTypes
import StrictJSON

/// A message as clients get it, in a list and in the event stream.
struct NotificationAnswer: Encodable {
    let id: Notification.ID
    let category: NotificationCategory
    let template: String
    let title: String
    let body: String
    let data: JSONValue
    let priority: NotificationPriority
    let readAt: Date?
    let archivedAt: Date?
    let createdAt: Date

    init(_ row: NotificationRow) throws {
        id = row.id
        category = row.category
        template = row.template
        title = row.title
        body = row.body
        data = try JSONValue(parsing: Array(row.data.utf8))
        priority = row.priority
        readAt = row.readAt
        archivedAt = row.archivedAt
        createdAt = row.createdAt
    }
}
