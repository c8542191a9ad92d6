import DatabaseClient
import ExactTypes
import Foundation
import Logging
import PeriodicWork
import ServiceKit
import SharedTypes
import Synchronization

/// Looks for new messages, for all event streams of the process at once: one statement whenever a message was committed
/// for a user who listens, and none while none does.
final class InboxWatch: Sendable {
    /// How many streams a user may have open in one process.
    static let streamsOfAUser = 5
    /// As `announceMessage` names it.
    private static let channel = "grove_inboxes"

    private let database: Database
    private let worker: Database
    private let time: PeriodicTime
    private let logger: Logger
    private let listeners = StreamListeners<User.ID>(limitOfAUser: InboxWatch.streamsOfAUser)
    /// The latest messages when it last looked, of users who listened.
    private let ends = Mutex<[User.ID: Notification.ID]>([:])

    /// - Parameters:
    ///   - database: listens for what was committed.
    ///   - worker: under the role `notifications_worker`, which sees that there is a message and not what it says.
    init(database: Database, worker: Database, time: PeriodicTime = PeriodicTime(), logger: Logger) {
        self.database = database
        self.time = time
        self.worker = worker
        self.logger = logger
    }

    /// A place among the streams, which is free again when nobody holds it any more.
    /// - Throws: ``NotificationsError/tooManyStreams(limit:)``.
    func listen(for user: User.ID) throws(NotificationsError) -> StreamListener {
        guard let listener = listeners.listen(for: user, to: [user]) else {
            throw .tooManyStreams(limit: Self.streamsOfAUser)
        }
        return listener
    }

    /// Looks until the service shuts down: when a message was committed for a user who listens here, and every few
    /// seconds for what a lost connection kept from being announced.
    var service: PeriodicService {
        PeriodicService(
            "notifications.inbox_watch", every: .seconds(5), longestPause: .seconds(5), time: time,
            logger: logger,
            wakingIt: { await self.wake($0) }
        ) {
            try await self.look()
            return .done
        }
    }

    private func wake(_ wakeup: Wakeup) async {
        for await event in database.notifications(channel: Self.channel) {
            switch event {
            case .reconnected: wakeup.signal()
            case .notification(let user):
                if let id = User.ID(user), listeners.hasListeners(to: id) { wakeup.signal() }
            }
        }
    }

    private func look() async throws {
        let users = listeners.topics
        guard !users.isEmpty else { return ends.withLock { $0 = [:] } }
        let rows = try await worker.listInboxEnds(userIDs: users)
        let changed = ends.withLock { ends in
            let changed = rows.filter { ends[$0.userID] != $0.notificationID }.map(\.userID)
            ends = Dictionary(rows.map { ($0.userID, $0.notificationID) }) { first, _ in first }
            return changed
        }
        listeners.wake(changed)
    }
}
