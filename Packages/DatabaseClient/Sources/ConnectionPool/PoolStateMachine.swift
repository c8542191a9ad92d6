public import Foundation

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
        /// Connections that one user may have at once. Further callers of theirs wait, and others are served past them.
        public var maximumPerUser = Int.max
        /// Callers that may wait; one more is refused at once.
        public var queueLimit = 1_000
        /// Callers of one user that may wait.
        public var queueLimitPerUser = Int.max
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
            case leased(to: UUID?)
        }
        var state: State
        /// When it is no longer lent; set once it is connected.
        var expires: Duration
    }

    struct Waiter: Sendable {
        let id: WaiterID
        /// nil for one that no user's share bounds.
        let user: UUID?
        let deadline: Duration
    }

    public let configuration: Configuration
    var connections: [ConnectionID: Connection] = [:]
    /// Idle connections; the last used is lent first, so that the rest can grow old and be closed.
    var idle: [ConnectionID] = []
    /// First come, first served, but for those whose user has their share already.
    var waiters: [Waiter] = []
    /// How many connections each user has; users with none are left out.
    var leasedByUser: [UUID: Int] = [:]
    var nextConnectionID: ConnectionID = 0
    var failures = 0
    var retryAt: Duration = .zero
    public private(set) var isClosed = false

    public init(configuration: Configuration) { self.configuration = configuration }

    public var isEmpty: Bool { connections.isEmpty }
    public var idleCount: Int { idle.count }
    public var waitingCount: Int { waiters.count }
    public var leasedCount: Int { connections.count - idle.count - connectingCount }
    private var connectingCount: Int { connections.values.count { $0.state == .connecting } }

    // MARK: Events

    /// - Parameter user: whose share it comes out of; nil for work of no user, which has no bound but the pool's.
    public mutating func acquire(_ waiter: WaiterID, for user: UUID? = nil, now: Duration) -> [Action] {
        if isClosed { return [.refuse(waiter, .closed)] }
        if waiters.count >= configuration.queueLimit { return [.refuse(waiter, .queueFull)] }
        if user != nil, waiters.count >= configuration.queueLimitPerUser,
            waiters.count(where: { $0.user == user }) >= configuration.queueLimitPerUser
        {
            return [.refuse(waiter, .queueFull)]
        }
        waiters.append(Waiter(id: waiter, user: user, deadline: now + configuration.acquireTimeout))
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
        guard let connection = connections[id], case .leased(let user) = connection.state else { return [] }
        if let user { leasedByUser[user] = leasedByUser[user].flatMap { $0 > 1 ? $0 - 1 : nil } }
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
        var actions = lend(now: now)
        guard now >= retryAt, connections.count < configuration.maximum else { return actions }
        let (connecting, missing) = (connectingCount, configuration.minimum - connections.count)
        // While connects fail, one at a time tries, so that a server that comes back is not stormed.
        let wanted =
            failures > 0
            ? min(1, max(servableCount, missing)) - connecting : max(servableCount - connecting, missing)
        for _ in 0..<max(0, min(wanted, configuration.maximum - connections.count)) {
            let id = nextConnectionID
            nextConnectionID += 1
            connections[id] = Connection(state: .connecting, expires: .zero)
            actions.append(.connect(id))
        }
        return actions
    }

    /// Idle connections go to who waits, in the order in which they came.
    private mutating func lend(now: Duration) -> [Action] {
        var actions: [Action] = []
        var passedOver: [Waiter] = []
        var next = 0
        while next < waiters.count, let id = idle.last {
            let waiter = waiters[next]
            guard share(of: waiter.user) > 0 else {
                passedOver.append(waiter)
                next += 1
                continue
            }
            idle.removeLast()
            // It grew old since the last tick.
            guard let connection = connections[id], now < connection.expires else {
                connections[id] = nil
                actions.append(.close(id))
                continue
            }
            connections[id]?.state = .leased(to: waiter.user)
            if let user = waiter.user { leasedByUser[user, default: 0] += 1 }
            actions.append(.grant(waiter.id, id))
            next += 1
        }
        waiters.replaceSubrange(..<next, with: passedOver)
        return actions
    }

    /// How many more connections a user may have.
    private func share(of user: UUID?) -> Int {
        guard let user else { return .max }
        return configuration.maximumPerUser - leasedByUser[user, default: 0]
    }

    /// Who waits for nothing but a connection.
    private var servableCount: Int {
        var shares: [UUID: Int] = [:]
        return waiters.count { waiter in
            guard let user = waiter.user else { return true }
            let share = shares[user] ?? share(of: user)
            shares[user] = share - 1
            return share > 0
        }
    }
}
