import DatabaseClient
import ExactTypes
import Foundation
import Logging
import PeriodicWork
import SharedTypes
import Synchronization

/// Looks for new messages, for all event streams of the process at once: one statement whenever a message was committed
/// for a user who listens, and none while none does.
///
/// It is handed about and never copied, because streams and the service share what it knows; the lock guards all of it
/// and is held for a moment, never across a suspension.
final class InboxWatch: Sendable {
    /// How many streams a user may have open in one process.
    static let streamsOfAUser = 5
    /// As `announceMessage` names it.
    private static let channel = "grove_inboxes"

    private struct Listeners {
        var wakeups: [Int: AsyncStream<Void>.Continuation] = [:]
        /// The latest message when it last looked.
        var end: Notification.ID?
    }

    private struct State {
        var users: [User.ID: Listeners] = [:]
        var next = 0
    }

    private let database: Database
    private let worker: Database
    private let time: PeriodicTime
    private let logger: Logger
    private let state = Mutex(State())

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
    func listen(for user: User.ID) throws(NotificationsError) -> InboxListener {
        let (wakeups, continuation) = AsyncStream.makeStream(
            of: Void.self, bufferingPolicy: .bufferingNewest(1))
        let place = state.withLock { state -> Int? in
            guard (state.users[user]?.wakeups.count ?? 0) < Self.streamsOfAUser else { return nil }
            state.next += 1
            state.users[user, default: Listeners()].wakeups[state.next] = continuation
            return state.next
        }
        guard let place else { throw .tooManyStreams(limit: Self.streamsOfAUser) }
        return InboxListener(
            user: user, place: place, wakeups: wakeups, continuation: continuation, watch: self)
    }

    fileprivate func leave(_ user: User.ID, _ place: Int) {
        state.withLock { state in
            state.users[user]?.wakeups[place] = nil
            if state.users[user]?.wakeups.isEmpty == true { state.users[user] = nil }
        }
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
                if let id = User.ID(user), state.withLock({ $0.users[id] != nil }) { wakeup.signal() }
            }
        }
    }

    private func look() async throws {
        let users = state.withLock { Array($0.users.keys) }
        guard !users.isEmpty else { return }
        for end in try await worker.listInboxEnds(userIDs: users) {
            let wakeups = state.withLock { state -> [AsyncStream<Void>.Continuation] in
                guard let listeners = state.users[end.userID], listeners.end != end.notificationID else {
                    return []
                }
                state.users[end.userID]?.end = end.notificationID
                return Array(listeners.wakeups.values)
            }
            for wakeup in wakeups { wakeup.yield() }
        }
    }
}

/// One event stream's place at the watch.
final class InboxListener: Sendable {
    /// One whenever there may be something new; they end with ``end()``.
    let wakeups: AsyncStream<Void>
    private let continuation: AsyncStream<Void>.Continuation
    private let user: User.ID
    private let place: Int
    private let watch: InboxWatch

    fileprivate init(
        user: User.ID, place: Int, wakeups: AsyncStream<Void>, continuation: AsyncStream<Void>.Continuation,
        watch: InboxWatch
    ) {
        self.user = user
        self.place = place
        self.wakeups = wakeups
        self.continuation = continuation
        self.watch = watch
    }

    deinit { watch.leave(user, place) }

    /// Makes the stream look at once.
    func wake() { continuation.yield() }

    /// Ends the wakeups, and with them the stream.
    func end() { continuation.finish() }
}
