import NIOPosix
import ServiceKit
import Synchronization

/// Hashes and checks passwords on threads of its own, two at a time, so that log-ins never take the whole machine.
/// The others wait in a ``HashingQueue``.
final class PasswordHasher: Sendable {
    enum Verdict: Sendable, Equatable {
        case wrong
        case right
        /// Right, under parameters that are not today's: hash it again.
        case outdated
    }

    private typealias Waiter = CheckedContinuation<Void, any Error>

    private struct State {
        var queue: HashingQueue
        var waiters: [HashingQueue.Ticket: Waiter] = [:]
        var lastTicket = 0

        /// The waiters that the actions are for, to be resumed without the lock.
        mutating func answers(to actions: [HashingQueue.Action]) -> [(Waiter, Result<Void, any Error>)] {
            actions.compactMap { action in
                switch action {
                case .start(let ticket): waiters.removeValue(forKey: ticket).map { ($0, .success(())) }
                case .refuse(let ticket):
                    waiters.removeValue(forKey: ticket).map {
                        ($0, .failure(UsersError.tooManyPasswordsAtOnce))
                    }
                }
            }
        }
    }

    /// One for the process, whatever the number of modules in it: it bounds what the process spends.
    static let shared = PasswordHasher()

    private let threads: NIOThreadPool
    // The lock is held for one step of the queue, never across a suspension.
    private let state: Mutex<State>
    private let algorithm = Argon2id.standard
    /// A hash of nothing that anybody knows, checked when there is no account, so that both answers take as
    /// long.
    private let decoy: String

    init(limits: HashingQueue.Limits = HashingQueue.Limits()) {
        threads = NIOThreadPool(numberOfThreads: limits.atOnce)
        state = Mutex(State(queue: HashingQueue(limits: limits)))
        decoy = algorithm.prefix + "Z3JvdmUtZGVjb3ktc2FsdA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
        threads.start()
    }

    /// How many wait for their turn.
    var waitingCount: Int { state.withLock { $0.queue.waitingCount } }

    /// The PHC string of a normalised password under a new salt. Throws `tooManyPasswordsAtOnce`.
    func hash(_ password: String, for address: ClientAddress) async throws -> String {
        var generator = SystemRandomNumberGenerator()
        let salt = (0..<16).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
        return try await run(for: address) { [algorithm] in
            try algorithm.hash(Array(password.utf8), salt: salt)
        }
    }

    /// Checks a normalised password; against nothing when there is no account. Throws
    /// `tooManyPasswordsAtOnce`.
    func verify(
        _ password: String, against encoded: String?, for address: ClientAddress
    ) async throws -> Verdict {
        try await run(for: address) { [algorithm, decoy] in
            let isRight = try Argon2id.matches(Array(password.utf8), encoded ?? decoy)
            guard isRight, let encoded else { return .wrong }
            return encoded.hasPrefix(algorithm.prefix) ? .right : .outdated
        }
    }

    /// Runs the work on a thread when the address has its turn.
    func run<Value: Sendable>(
        for address: ClientAddress, _ work: @escaping @Sendable () throws -> Value
    ) async throws -> Value {
        let ticket = state.withLock { state in
            state.lastTicket += 1
            return state.lastTicket
        }
        try await waitForTurn(ticket, of: address.network)
        defer {
            let answers = state.withLock { $0.answers(to: $0.queue.finish(ticket)) }
            for (waiter, result) in answers { waiter.resume(with: result) }
        }
        try Task.checkCancellation()
        return try await threads.runIfActive {
            ThreadPriority.lower()
            return try work()
        }
    }

    private func waitForTurn(_ ticket: HashingQueue.Ticket, of address: String) async throws {
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { (waiter: Waiter) in
                let answers = state.withLock { state -> [(Waiter, Result<Void, any Error>)] in
                    // A task is marked before its handlers run. So one that is cancelled from here on has a ticket
                    // that the handler finds, once it has the lock.
                    guard !Task.isCancelled else { return [(waiter, .failure(CancellationError()))] }
                    state.waiters[ticket] = waiter
                    return state.answers(to: state.queue.enter(ticket, from: address))
                }
                for (waiter, result) in answers { waiter.resume(with: result) }
            }
        } onCancel: {
            let waiter = state.withLock { state in
                state.queue.cancel(ticket, from: address) ? state.waiters.removeValue(forKey: ticket) : nil
            }
            waiter?.resume(throwing: CancellationError())
        }
    }
}
