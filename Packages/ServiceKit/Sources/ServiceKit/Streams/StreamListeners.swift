public import ExactTypes
public import SharedTypes
import Synchronization

/// The event streams of one process that wait for the same kind of news, each for some topics of it.
///
/// It is handed about and never copied, because streams and whoever wakes them share it; the lock guards all of it and is
/// held for a moment, never across a suspension.
public final class StreamListeners<Topic: Hashable & Sendable>: Sendable {
    private struct State {
        var places: [Int: (user: User.ID, continuation: AsyncStream<Void>.Continuation)] = [:]
        var byTopic: [Topic: Set<Int>] = [:]
        var byUser: [User.ID: Int] = [:]
        var next = 0
    }

    /// How many streams a user may have open.
    public let limit: Int
    private let state = Mutex(State())

    public init(limitOfAUser limit: Int) { self.limit = limit }

    /// A place among the streams, which is free again when nothing holds it any more; nil where the user has as many as they
    /// may have.
    public func listen(for user: User.ID, to topics: Set<Topic>) -> StreamListener? {
        let (wakeups, continuation) = AsyncStream.makeStream(
            of: Void.self, bufferingPolicy: .bufferingNewest(1))
        let place = state.withLock { state -> Int? in
            guard state.byUser[user, default: 0] < limit else { return nil }
            state.next += 1
            state.places[state.next] = (user, continuation)
            state.byUser[user, default: 0] += 1
            for topic in topics { state.byTopic[topic, default: []].insert(state.next) }
            return state.next
        }
        guard let place else { return nil }
        return StreamListener(wakeups: wakeups, continuation: continuation) { [weak self] in
            self?.leave(place, topics)
        }
    }

    /// Whether a stream waits for a topic.
    public func hasListeners(to topic: Topic) -> Bool { state.withLock { $0.byTopic[topic] != nil } }

    /// Every topic that a stream waits for.
    public var topics: [Topic] { state.withLock { Array($0.byTopic.keys) } }

    /// Wakes the streams that wait for any of some topics.
    public func wake(_ topics: some Sequence<Topic>) {
        let continuations = state.withLock { state in
            var places: Set<Int> = []
            for topic in topics { places.formUnion(state.byTopic[topic] ?? []) }
            return places.compactMap { state.places[$0]?.continuation }
        }
        for continuation in continuations { continuation.yield() }
    }

    private func leave(_ place: Int, _ topics: Set<Topic>) {
        state.withLock { state in
            guard let left = state.places.removeValue(forKey: place) else { return }
            state.byUser[left.user, default: 0] -= 1
            if state.byUser[left.user] == 0 { state.byUser[left.user] = nil }
            for topic in topics {
                state.byTopic[topic]?.remove(place)
                if state.byTopic[topic]?.isEmpty == true { state.byTopic[topic] = nil }
            }
        }
    }
}

/// One event stream's place among the listeners.
public final class StreamListener: Sendable {
    /// One whenever there may be something new; they end with ``end()``.
    public let wakeups: AsyncStream<Void>
    private let continuation: AsyncStream<Void>.Continuation
    private let leave: @Sendable () -> Void

    fileprivate init(
        wakeups: AsyncStream<Void>, continuation: AsyncStream<Void>.Continuation,
        leave: @escaping @Sendable () -> Void
    ) {
        self.wakeups = wakeups
        self.continuation = continuation
        self.leave = leave
    }

    deinit { leave() }

    /// Makes the stream look at once.
    public func wake() { continuation.yield() }

    /// Ends the wakeups, and with them the stream.
    public func end() { continuation.finish() }
}
