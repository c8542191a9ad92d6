/// What the pool decides, as values: events come in, actions go out.
///
/// There is no socket, no lock, no clock and no randomness here. Instants are durations since any fixed start,
/// and the shell, ``ConnectionPool``, performs the actions.
public struct PoolStateMachine: Sendable {
    public typealias ConnectionID = UInt64
    public typealias WaiterID = UInt64

    public struct Configuration: Sendable {
        /// Connections kept open even when nobody asks.
        public var minimum = 0
        public var maximum = 16
        /// Callers that may wait; one more is refused at once.
        public var queueLimit = 1_000
        public var acquireTimeout: Duration = .seconds(5)
        /// A connection is not lent again after this age, less up to a tenth that spreads the renewals.
        public var maximumLifetime: Duration = .seconds(1_800)
        /// An idle connection above the minimum is closed after this.
        public var idleTimeout: Duration = .seconds(300)
        public var firstBackoff: Duration = .milliseconds(50)
        public var longestBackoff: Duration = .seconds(2)

        public init() {}
    }

    public enum Refusal: Error, Sendable, Equatable {
        case timeout
        case queueFull
        case closed
    }

    public enum Action: Sendable, Equatable {
        case connect(ConnectionID)
        case grant(WaiterID, ConnectionID)
        case refuse(WaiterID, Refusal)
        case close(ConnectionID)
    }

    struct Connection: Sendable {
        enum State: Sendable, Equatable {
            case connecting
            case idle(since: Duration)
            case leased
        }
        var state: State
        /// When it is no longer lent; set once it is connected.
        var expires: Duration
    }

    struct Waiter: Sendable {
        let id: WaiterID
        let deadline: Duration
    }

    public let configuration: Configuration
    var connections: [ConnectionID: Connection] = [:]
    /// Idle connections; the last used is lent first, so that the rest can grow old and be closed.
    var idle: [ConnectionID] = []
    /// First come, first served.
    var waiters: [Waiter] = []
    var nextConnectionID: ConnectionID = 0
    var failures = 0
    var retryAt: Duration = .zero
    public private(set) var isClosed = false

    public init(configuration: Configuration) { self.configuration = configuration }

    public var isEmpty: Bool { connections.isEmpty }
    public var idleCount: Int { idle.count }
    public var waitingCount: Int { waiters.count }
    public var leasedCount: Int { connections.values.count { $0.state == .leased } }

    // MARK: Events

    public mutating func acquire(_ waiter: WaiterID, now: Duration) -> [Action] {
        if isClosed { return [.refuse(waiter, .closed)] }
        if waiters.count >= configuration.queueLimit { return [.refuse(waiter, .queueFull)] }
        waiters.append(Waiter(id: waiter, deadline: now + configuration.acquireTimeout))
        return serve(now: now)
    }

    /// The caller was cancelled. Unknown waiters, who were served meanwhile, are let be.
    public mutating func cancel(_ waiter: WaiterID) { waiters.removeAll { $0.id == waiter } }

    /// - Parameter jitter: from 0 to 1; spreads the ends of the connections' lives.
    public mutating func connected(_ id: ConnectionID, now: Duration, jitter: Double) -> [Action] {
        guard connections[id] != nil else { return [.close(id)] }
        failures = 0
        retryAt = .zero
        if isClosed {
            connections[id] = nil
            return [.close(id)]
        }
        let lifetime = configuration.maximumLifetime
        connections[id] = Connection(
            state: .idle(since: now), expires: now + lifetime - lifetime * (jitter / 10))
        idle.append(id)
        return serve(now: now)
    }

    public mutating func connectFailed(_ id: ConnectionID, now: Duration) -> [Action] {
        connections[id] = nil
        let doubled = configuration.firstBackoff * (1 << min(failures, 10))
        failures += 1
        retryAt = now + min(doubled, configuration.longestBackoff)
        return []
    }

    /// A lease ends.
    /// - Parameter isReusable: false where the connection broke or its state is not known.
    public mutating func released(_ id: ConnectionID, isReusable: Bool, now: Duration) -> [Action] {
        guard let connection = connections[id], connection.state == .leased else { return [] }
        guard isReusable, !isClosed, now < connection.expires else {
            connections[id] = nil
            return [.close(id)] + serve(now: now)
        }
        connections[id]?.state = .idle(since: now)
        idle.append(id)
        return serve(now: now)
    }

    /// Time has passed: deadlines strike, the old are closed, failed connects are tried again.
    public mutating func tick(now: Duration) -> [Action] {
        var actions: [Action] = waiters.filter { $0.deadline <= now }.map { .refuse($0.id, .timeout) }
        waiters.removeAll { $0.deadline <= now }
        for id in idle {
            guard let connection = connections[id], case .idle(let since) = connection.state else { continue }
            let isSurplus =
                connections.count > configuration.minimum && now - since >= configuration.idleTimeout
            guard isSurplus || now >= connection.expires else { continue }
            connections[id] = nil
            actions.append(.close(id))
        }
        idle.removeAll { connections[$0] == nil }
        return actions + serve(now: now)
    }

    /// Refuses who waits, closes what is idle; what is lent is closed when it comes back.
    public mutating func shutDown() -> [Action] {
        isClosed = true
        let refused: [Action] = waiters.map { .refuse($0.id, .closed) }
        let closed: [Action] = idle.map { .close($0) }
        waiters = []
        for id in idle { connections[id] = nil }
        idle = []
        return refused + closed
    }

    // MARK: Decisions

    private mutating func serve(now: Duration) -> [Action] {
        guard !isClosed else { return [] }
        var actions: [Action] = []
        var served = 0
        while served < waiters.count, let id = idle.popLast() {
            // It grew old since the last tick.
            guard let connection = connections[id], now < connection.expires else {
                connections[id] = nil
                actions.append(.close(id))
                continue
            }
            connections[id]?.state = .leased
            actions.append(.grant(waiters[served].id, id))
            served += 1
        }
        waiters.removeFirst(served)
        guard now >= retryAt else { return actions }
        let connecting = connections.values.count { $0.state == .connecting }
        // While connects fail, one at a time tries, so that a server that comes back is not stormed.
        let wanted =
            failures > 0
            ? min(1, max(waiters.count, configuration.minimum - connections.count)) - connecting
            : max(waiters.count - connecting, configuration.minimum - connections.count)
        for _ in 0..<max(0, min(wanted, configuration.maximum - connections.count)) {
            let id = nextConnectionID
            nextConnectionID += 1
            connections[id] = Connection(state: .connecting, expires: .zero)
            actions.append(.connect(id))
        }
        return actions
    }
}
