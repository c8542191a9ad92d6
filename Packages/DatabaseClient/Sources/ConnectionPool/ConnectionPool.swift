public import Foundation
import Synchronization

/// How many connections are lent and how many lie idle, and how many callers wait.
public struct PoolUsage: Sendable, Equatable {
    public let leased: Int
    public let idle: Int
    public let waiting: Int
}

/// The shell around ``PoolStateMachine``: it keeps the connections and does what the machine decides.
public final class ConnectionPool<Connection: Sendable>: Sendable {
    /// A connection that is lent; it goes back with ``ConnectionPool/release(_:isReusable:)``.
    public struct Lease: Sendable {
        let id: PoolStateMachine.ConnectionID
        public let connection: Connection
    }

    private struct State {
        var machine: PoolStateMachine
        var connections: [PoolStateMachine.ConnectionID: Connection] = [:]
        var waiters: [PoolStateMachine.WaiterID: CheckedContinuation<Lease, any Error>] = [:]
        var nextWaiterID: PoolStateMachine.WaiterID = 0
        var maintenance: Task<Void, Never>?
        /// Why the last attempt to connect failed; nil after a success.
        var connectFailure: (any Error)?
    }

    private let state: Mutex<State>
    private let observe: @Sendable (PoolUsage) -> Void
    private let connect: @Sendable () async throws -> Connection
    private let close: @Sendable (Connection) async -> Void
    private let now: @Sendable () -> Duration
    private let sleep: @Sendable (Duration) async throws -> Void

    /// - Parameters:
    ///   - now: the time since any fixed start.
    ///   - sleep: waits that long.
    ///   - observe: told of the usage every 50 ms while the pool is in use.
    public init(
        configuration: PoolStateMachine.Configuration,
        now: @escaping @Sendable () -> Duration,
        sleep: @escaping @Sendable (Duration) async throws -> Void,
        observe: @escaping @Sendable (PoolUsage) -> Void = { _ in },
        connect: @escaping @Sendable () async throws -> Connection,
        close: @escaping @Sendable (Connection) async -> Void
    ) {
        state = Mutex(State(machine: PoolStateMachine(configuration: configuration)))
        self.now = now
        self.sleep = sleep
        self.observe = observe
        self.connect = connect
        self.close = close
    }

    deinit { state.withLock { $0.maintenance?.cancel() } }

    /// Waits for a connection, first come, first served.
    /// - Parameter user: whose share it comes out of; nil for work of no user.
    /// - Throws: ``PoolStateMachine/Refusal``, or `CancellationError`.
    public func acquire(for user: UUID? = nil) async throws -> Lease {
        startMaintenance()
        let id = state.withLock { state in
            state.nextWaiterID += 1
            return state.nextWaiterID
        }
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                // Registered and asked for in one step, so that a cancellation meets it either before or after.
                let actions = state.withLock { state -> [PoolStateMachine.Action]? in
                    guard !Task.isCancelled else { return nil }
                    state.waiters[id] = continuation
                    return state.machine.acquire(id, for: user, now: now())
                }
                guard let actions else { return continuation.resume(throwing: CancellationError()) }
                perform(actions)
            }
        } onCancel: {
            let continuation = state.withLock { state in
                state.machine.cancel(id)
                return state.waiters.removeValue(forKey: id)
            }
            continuation?.resume(throwing: CancellationError())
        }
    }

    /// - Parameter isReusable: false where the connection broke or its state is not known.
    public func release(_ lease: Lease, isReusable: Bool) {
        perform(state.withLock { $0.machine.released(lease.id, isReusable: isReusable, now: now()) })
    }

    /// Refuses who waits and closes what is idle; what is lent is closed when it comes back.
    public func shutDown() {
        let actions = state.withLock { state in
            state.maintenance?.cancel()
            state.maintenance = nil
            return state.machine.shutDown()
        }
        perform(actions)
        observe(usage)
    }

    public var usage: PoolUsage { state.withLock { Self.usage(of: $0.machine) } }

    private static func usage(of machine: PoolStateMachine) -> PoolUsage {
        PoolUsage(leased: machine.leasedCount, idle: machine.idleCount, waiting: machine.waitingCount)
    }

    private func startMaintenance() {
        state.withLock { state in
            guard state.maintenance == nil, !state.machine.isClosed else { return }
            let sleep = sleep
            state.maintenance = Task { [weak self] in
                while !Task.isCancelled {
                    guard (try? await sleep(.milliseconds(50))) != nil, let self else { return }
                    let (actions, usage) = self.state.withLock { state in
                        let actions = state.machine.tick(now: self.now())
                        return (actions, Self.usage(of: state.machine))
                    }
                    self.perform(actions)
                    self.observe(usage)
                }
            }
        }
    }

    private func perform(_ actions: [PoolStateMachine.Action]) {
        for action in actions {
            switch action {
            case .connect(let id): Task { await open(id) }
            case .grant(let waiter, let id): grant(waiter, id)
            case .refuse(let waiter, let refusal):
                let (continuation, failure) = state.withLock {
                    ($0.waiters.removeValue(forKey: waiter), $0.connectFailure)
                }
                // Who waited in vain because nothing can be reached wants to hear that, not "timeout".
                continuation?.resume(throwing: refusal == .timeout ? failure ?? refusal : refusal)
            case .close(let id):
                guard let connection = state.withLock({ $0.connections.removeValue(forKey: id) }) else {
                    continue
                }
                Task { [close] in await close(connection) }
            }
        }
    }

    private func grant(_ waiter: PoolStateMachine.WaiterID, _ id: PoolStateMachine.ConnectionID) {
        let (continuation, connection) = state.withLock {
            ($0.waiters.removeValue(forKey: waiter), $0.connections[id])
        }
        if let continuation, let connection {
            continuation.resume(returning: Lease(id: id, connection: connection))
        } else {
            // The caller was cancelled between the decision and now: the connection goes straight back.
            perform(state.withLock { $0.machine.released(id, isReusable: true, now: now()) })
        }
    }

    private func open(_ id: PoolStateMachine.ConnectionID) async {
        do {
            let connection = try await connect()
            let jitter = Double.random(in: 0...1)
            perform(
                state.withLock { state in
                    state.connections[id] = connection
                    state.connectFailure = nil
                    return state.machine.connected(id, now: now(), jitter: jitter)
                })
        } catch {
            perform(
                state.withLock { state in
                    state.connectFailure = error
                    return state.machine.connectFailed(id, now: now())
                })
        }
    }
}
