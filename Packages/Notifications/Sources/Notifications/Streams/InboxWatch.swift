import DatabaseClient
import ExactTypes
import Foundation
import Logging
import ServiceLifecycle
import SharedTypes
import Synchronization

/// Looks for new messages, for all event streams of the process at once: one statement four times a second while
/// somebody listens, and none while nobody does.
///
/// It is handed about and never copied, because streams and the service share what it knows; the lock guards all of it
/// and is held for a moment, never across a suspension.
final class InboxWatch: Service {
    /// How many streams a user may have open in one process.
    static let streamsOfAUser = 5
    private static let period = Duration.milliseconds(250)

    private struct Listeners {
        var strokes: [Int: AsyncStream<Void>.Continuation] = [:]
        /// The latest message when it last looked.
        var end: Notification.ID?
    }

    private struct State {
        var users: [User.ID: Listeners] = [:]
        var next = 0
    }

    private let worker: Database
    private let logger: Logger
    private let state = Mutex(State())

    /// - Parameter worker: under the role `notifications_worker`, which sees that there is a message and not what it says.
    init(worker: Database, logger: Logger) {
        self.worker = worker
        self.logger = logger
    }

    /// A place among the streams, which is free again when nobody holds it any more.
    /// - Throws: ``NotificationsError/tooManyStreams(limit:)``.
    func listen(for user: User.ID) throws(NotificationsError) -> InboxListener {
        let (strokes, continuation) = AsyncStream.makeStream(
            of: Void.self, bufferingPolicy: .bufferingNewest(1))
        let place = state.withLock { state -> Int? in
            guard (state.users[user]?.strokes.count ?? 0) < Self.streamsOfAUser else { return nil }
            state.next += 1
            state.users[user, default: Listeners()].strokes[state.next] = continuation
            return state.next
        }
        guard let place else { throw .tooManyStreams(limit: Self.streamsOfAUser) }
        return InboxListener(
            user: user, place: place, strokes: strokes, continuation: continuation, watch: self)
    }

    fileprivate func leave(_ user: User.ID, _ place: Int) {
        state.withLock { state in
            state.users[user]?.strokes[place] = nil
            if state.users[user]?.strokes.isEmpty == true { state.users[user] = nil }
        }
    }

    func run() async throws {
        try await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                do {
                    try await self.look()
                } catch is CancellationError {
                    return
                } catch {
                    // The database is away: the next look finds what this one could not.
                    self.logger.warning("The inboxes could not be watched.", metadata: ["error": "\(error)"])
                }
                try? await Task.sleep(for: Self.period)
            }
        }
    }

    private func look() async throws {
        let users = state.withLock { Array($0.users.keys) }
        guard !users.isEmpty else { return }
        for end in try await worker.listInboxEnds(userIDs: users) {
            let strokes = state.withLock { state -> [AsyncStream<Void>.Continuation] in
                guard let listeners = state.users[end.userID], listeners.end != end.notificationID else {
                    return []
                }
                state.users[end.userID]?.end = end.notificationID
                return Array(listeners.strokes.values)
            }
            for stroke in strokes { stroke.yield() }
        }
    }
}

/// One event stream's place at the watch.
final class InboxListener: Sendable {
    /// A stroke whenever there may be something new; it ends with ``end()``.
    let strokes: AsyncStream<Void>
    private let continuation: AsyncStream<Void>.Continuation
    private let user: User.ID
    private let place: Int
    private let watch: InboxWatch

    fileprivate init(
        user: User.ID, place: Int, strokes: AsyncStream<Void>, continuation: AsyncStream<Void>.Continuation,
        watch: InboxWatch
    ) {
        self.user = user
        self.place = place
        self.strokes = strokes
        self.continuation = continuation
        self.watch = watch
    }

    deinit { watch.leave(user, place) }

    /// Makes the stream look at once.
    func stroke() { continuation.yield() }

    /// Ends the strokes, and with them the stream.
    func end() { continuation.finish() }
}
