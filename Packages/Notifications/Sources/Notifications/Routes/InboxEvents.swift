import DatabaseClient
import ExactTypes
import NotificationsContract
import ServiceKit
import SharedTypes
import StrictJSON

/// A user's messages as server-sent events, from a place in the inbox on: at first how many are unread.
///
/// A message is written after it was read from the database, in the order of its id, and the client keeps the last id:
/// what it has not seen when the connection breaks comes first on the next one.
struct InboxEvents: StreamedEvents {
    private static let page = 100

    let database: Database
    let user: User.ID
    /// The last message that the client has seen; nil where it begins anew.
    let lastSeen: Notification.ID?
    /// The last message that was written; nil until something was.
    private var last: Notification.ID?

    init(database: Database, user: User.ID, lastSeen: Notification.ID?) {
        self.database = database
        self.user = user
        self.lastSeen = lastSeen
    }

    mutating func nextPage() async throws -> (events: [StreamEvent], isMore: Bool) {
        guard let last else { return ([try await begin()], true) }
        let rows = try await readInbox(of: user, after: last, limit: Self.page, on: database)
        let events = try rows.map {
            StreamEvent("notification", try NotificationsAPI.Notification($0), id: $0.id.description)
        }
        self.last = rows.last?.id ?? last
        return (events, rows.count == Self.page)
    }

    private mutating func begin() async throws -> StreamEvent {
        let state = try await readInbox(of: user, on: database)
        let latest = state.latestID.map { Notification.ID($0) }
        last = lastSeen ?? latest ?? .lowest
        return StreamEvent("unread", UnreadEvent(unread: state.unread, untilID: latest))
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
}
