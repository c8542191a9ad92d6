public import ExactTypes
import NIOCore
import NIOPosix
public import SharedTypes
import Synchronization

/// Runs long calculations on threads of their own, so that those which serve requests stay free.
///
/// One calculation of a user runs at a time, whatever else they ask for, and few wait: a flood is refused at once
/// and never queued for minutes.
public final class HeavyWork: Sendable {
    /// How many calculations of one user may wait or run.
    public static let maximumPerUser = 4

    /// Half of the cores, so that the other half serves; at least one.
    public static let defaultThreads = max(1, System.coreCount / 2)

    private struct State {
        var queue: HeavyWorkQueue
        var turns: [Int: CheckedContinuation<Void, any Error>] = [:]
        var lastID = 0
    }

    private let threads: NIOThreadPool
    // The lock is held for changes of the queue, never across a suspension and never while work runs.
    private let state: Mutex<State>

    public init(threads: Int = HeavyWork.defaultThreads) {
        self.threads = NIOThreadPool(numberOfThreads: threads)
        state = Mutex(State(queue: HeavyWorkQueue(maximumRunning: threads)))
        self.threads.start()
    }

    deinit { threads.shutdownGracefully { _ in } }

    /// How many calculations wait for a thread.
    var waitingCount: Int { state.withLock { $0.turns.count } }

    /// Runs a calculation when it is its turn.
    ///
    /// Throws 503 `busy` where too much waits already, 429 `too-many-calculations` where this user has too many, and
    /// `CancellationError` where the task is cancelled while it waits, or the calculation throws it.
    ///
    /// - Parameters:
    ///   - isLong: With false, the calculation is too short for a thread of its own, and runs at once where it is.
    ///   - work: Must ask `Cancellation.check()` in its loops: it is how the calculation ends where its client has
    ///     gone or its time is over.
    public func run<Value: Sendable>(
        for user: User.ID, isLong: Bool = true,
        _ work: @escaping @Sendable (Cancellation) throws -> Value
    ) async throws -> Value {
        let cancellation = Cancellation()
        return try await withTaskCancellationHandler {
            guard isLong else {
                try cancellation.check()
                return try work(cancellation)
            }
            try await waitForTurn(of: user)
            defer { endTurn(of: user) }
            return try await threads.runIfActive {
                try cancellation.check()
                return try work(cancellation)
            }
        } onCancel: {
            cancellation.cancel()
        }
    }

    private func waitForTurn(of user: User.ID) async throws {
        let id = state.withLock { state in
            state.lastID += 1
            return state.lastID
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let answer: Result<Void, any Error>? = state.withLock { state in
                    // A task that is cancelled before this has called `onCancel` in vain.
                    if Task.isCancelled { return .failure(CancellationError()) }
                    switch state.queue.admit(id, of: user) {
                    case .runs: return .success(())
                    case .refused(let problem): return .failure(problem)
                    case .waits:
                        state.turns[id] = continuation
                        return nil
                    }
                }
                if let answer { continuation.resume(with: answer) }
            }
        } onCancel: {
            let turn = state.withLock { state in
                state.queue.remove(id)
                return state.turns.removeValue(forKey: id)
            }
            turn?.resume(throwing: CancellationError())
        }
    }

    private func endTurn(of user: User.ID) {
        let turns = state.withLock { state in
            state.queue.end(user).compactMap { state.turns.removeValue(forKey: $0) }
        }
        for turn in turns { turn.resume() }
    }
}

extension HeavyWork {
    /// Says to a running calculation that nobody waits for it any more.
    public final class Cancellation: Sendable {
        private let flag = Atomic(false)

        init() {}

        func cancel() { flag.store(true, ordering: .relaxed) }

        /// Throws where the calculation is to end.
        public func check() throws(CancellationError) {
            if flag.load(ordering: .relaxed) { throw CancellationError() }
        }
    }
}
