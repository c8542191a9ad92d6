public import ExactTypes
import NIOCore
public import SharedTypes
import Synchronization

/// Runs long calculations on threads of their own, so that those which serve requests stay free.
///
/// A user has one turn at a time, and everything that a calculation needs is read when the turn has come: one person's
/// requests hold one body and one history in memory, however many there are. A turn is no thread: who waits for the
/// bytes of a slow client holds none, and keeps nobody else from one.
public final class HeavyWork: Sendable {
    /// How many requests of one user may have the turn or wait for it.
    public static let maximumPerUser = 4

    /// Half of the cores, so that the other half serves; at least one.
    public static let defaultThreads = max(1, System.coreCount / 2)

    private struct State {
        var queue: HeavyWorkQueue
        var waiting: [Int: CheckedContinuation<Void, any Error>] = [:]
        var lastID = 0
    }

    private let threads: HeavyWorkThreads
    // The lock is held for changes of the queue, never across a suspension and never while work runs.
    private let state: Mutex<State>

    public init(threads: Int = HeavyWork.defaultThreads) {
        self.threads = HeavyWorkThreads(count: threads)
        state = Mutex(State(queue: HeavyWorkQueue(threads: threads)))
    }

    /// How many wait, for their turn or for a thread.
    var waitingCount: Int { state.withLock { $0.waiting.count } }

    /// How many users have their turn.
    var turnCount: Int { state.withLock { $0.queue.turnCount } }

    /// Does work that calculates, in one turn of the user from the first long calculation to the end of the body.
    public func withTurn<Value>(
        for user: User.ID, _ body: (Turn) async throws -> Value
    ) async throws -> Value {
        let turn = Turn(of: user, at: self)
        defer { withExtendedLifetime(turn) {} }
        return try await body(turn)
    }

    fileprivate func newID() -> Int {
        state.withLock { state in
            state.lastID += 1
            return state.lastID
        }
    }

    fileprivate func waitForTurn(_ id: Int, of user: User.ID) async throws {
        try await wait(id) { queue in
            queue.takeTurn(id, of: user)
        } leave: { queue in
            // Nobody's turn begins with the end of a wait.
            _ = queue.endTurn(id, of: user)
        }
    }

    fileprivate func endTurn(_ id: Int, of user: User.ID) {
        resume { $0.endTurn(id, of: user) }
    }

    /// Runs the work when there is a thread for it. What it needs is loaded then, and not before.
    fileprivate func onThread<Input: Sendable, Value: Sendable>(
        _ cancellation: Cancellation, loading load: () async throws -> Input,
        _ work: @escaping @Sendable (Input, Cancellation) throws -> Value
    ) async throws -> Value {
        let id = newID()
        try await wait(id) { queue in
            queue.takeThread(id) ? .begins : .waits
        } leave: { queue in
            queue.stopWaitingForThread(id)
        }
        defer { resume { $0.endThread() } }
        return try await withTaskExecutorPreference(threads) {
            let input = try await load()
            try cancellation.check()
            return try work(input, cancellation)
        }
    }

    private func wait(
        _ id: Int, take: (inout HeavyWorkQueue) -> HeavyWorkQueue.Admission,
        leave: @escaping @Sendable (inout HeavyWorkQueue) -> Void
    ) async throws {
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let answer: Result<Void, any Error>? = state.withLock { state in
                    // A task that is cancelled before this has called `onCancel` in vain.
                    if Task.isCancelled { return .failure(CancellationError()) }
                    switch take(&state.queue) {
                    case .begins: return .success(())
                    case .refused(let problem): return .failure(problem)
                    case .waits:
                        state.waiting[id] = continuation
                        return nil
                    }
                }
                if let answer { continuation.resume(with: answer) }
            }
        } onCancel: {
            // What it waited for may be there already: then it has that, and gives it back as any other.
            let continuation = state.withLock { state in
                let continuation = state.waiting.removeValue(forKey: id)
                if continuation != nil { leave(&state.queue) }
                return continuation
            }
            continuation?.resume(throwing: CancellationError())
        }
    }

    private func resume(_ end: (inout HeavyWorkQueue) -> Int?) {
        let next = state.withLock { state in
            end(&state.queue).flatMap { state.waiting.removeValue(forKey: $0) }
        }
        next?.resume()
    }
}

extension HeavyWork {
    /// A user's turn. It ends when nobody holds it any more: neither `withTurn` nor an answer that is being written.
    public final class Turn: Sendable {
        private let user: User.ID
        private let heavyWork: HeavyWork
        private let id: Int
        // The lock is held for one load or store.
        private let hasBegun = Mutex(false)

        fileprivate init(of user: User.ID, at heavyWork: HeavyWork) {
            self.user = user
            self.heavyWork = heavyWork
            id = heavyWork.newID()
        }

        deinit {
            if hasBegun.withLock({ $0 }) { heavyWork.endTurn(id, of: user) }
        }

        /// Whether the user's other requests wait for this one.
        var isHeld: Bool { hasBegun.withLock { $0 } }

        /// Waits for the turn, unless it has come already. Call it, in one task, before anything large is read.
        ///
        /// Throws 503 `busy` where too many users have their turn, 429 `too-many-calculations` where too many of this
        /// user's requests wait, and `CancellationError` where the task is cancelled while it waits.
        public func begin() async throws {
            guard !isHeld else { return }
            try await heavyWork.waitForTurn(id, of: user)
            hasBegun.withLock { $0 = true }
        }

        /// Runs a calculation, when the turn has come and there is a thread for it; throws what ``begin()`` throws,
        /// and `CancellationError` where the calculation does.
        ///
        /// - Parameters:
        ///   - isLong: With false, the calculation is too short to wait for its turn, and runs at once.
        ///   - load: Reads what the calculation needs from the database, so that nothing that waits holds it. It has
        ///     the thread meanwhile, and must not wait for a client.
        ///   - work: Must ask `Cancellation.check()` in its loops: it is how the calculation ends where its client has
        ///     gone or its time is over.
        public func run<Input: Sendable, Value: Sendable>(
            isLong: Bool, loading load: () async throws -> Input,
            _ work: @escaping @Sendable (Input, Cancellation) throws -> Value
        ) async throws -> Value {
            let cancellation = Cancellation()
            return try await withTaskCancellationHandler {
                guard isLong else {
                    let input = try await load()
                    // Not where the database answers: a few milliseconds there are every request's.
                    return try await withTaskExecutorPreference(globalConcurrentExecutor) {
                        try cancellation.check()
                        return try work(input, cancellation)
                    }
                }
                try await begin()
                return try await heavyWork.onThread(cancellation, loading: load, work)
            } onCancel: {
                cancellation.cancel()
            }
        }

        /// Runs a calculation that has what it needs.
        public func run<Value: Sendable>(
            isLong: Bool = true, _ work: @escaping @Sendable (Cancellation) throws -> Value
        ) async throws -> Value {
            try await run(isLong: isLong, loading: {}, { _, cancellation in try work(cancellation) })
        }
    }

    /// Says to a running calculation that nobody waits for it any more.
    public final class Cancellation: Sendable {
        private let flag = Atomic(false)

        init() {}

        var isCancelled: Bool { flag.load(ordering: .relaxed) }

        func cancel() { flag.store(true, ordering: .relaxed) }

        /// Throws where the calculation is to end.
        public func check() throws(CancellationError) {
            if isCancelled { throw CancellationError() }
        }
    }
}
