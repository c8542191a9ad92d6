import Foundation

@testable import ConnectionPool

/// A world that obeys the machine, remembers what it owes to whom, and writes down where it was wronged.
struct PoolWorld {
    struct Open {
        /// After this age no connection is lent again.
        var oldest: Duration
    }

    var machine: PoolStateMachine
    var now: Duration = .zero
    var connecting: Set<UInt64> = []
    var open: [UInt64: Open] = [:]
    /// Connections by who has them.
    var leased: [UInt64: UInt64] = [:]
    /// First come, first served, each with its deadline.
    var waiting: [(id: UInt64, deadline: Duration)] = []
    /// For whom each waiter asked, where it was for anybody.
    var userOfWaiter: [UInt64: UUID] = [:]
    var settled: Set<UInt64> = []
    var isClosed = false
    /// What happened, where it is to be told.
    var events: [String] = []
    let isRecording: Bool
    var violations: [String] = []
    private var lastWaiter: UInt64 = 0
    private var usedIDs: Set<UInt64> = []

    /// Two users, and nobody.
    static let users = [UUID(), UUID(), nil]

    init(_ configuration: PoolStateMachine.Configuration, isRecording: Bool) {
        self.isRecording = isRecording
        machine = PoolStateMachine(configuration: configuration)
    }

    var waiterCount: Int { Int(lastWaiter) }
    var idle: Set<UInt64> { Set(open.keys).subtracting(leased.values) }

    /// Who could be given a connection, did one lie idle.
    private var servable: [UInt64] {
        waiting.map(\.id).filter { waiter in
            guard let user = userOfWaiter[waiter] else { return true }
            return held(by: user) < machine.configuration.maximumPerUser
        }
    }

    private func held(by user: UUID) -> Int { leased.keys.count { userOfWaiter[$0] == user } }

    // MARK: Events

    mutating func acquire(for user: UUID?) {
        lastWaiter += 1
        let waiter = lastWaiter
        let usersWaiting = waiting.count { user != nil && userOfWaiter[$0.id] == user }
        let wasFull =
            waiting.count >= machine.configuration.queueLimit
            || usersWaiting >= machine.configuration.queueLimitPerUser
        userOfWaiter[waiter] = user
        waiting.append((waiter, now + machine.configuration.acquireTimeout))
        let actions = machine.acquire(waiter, for: user, now: now)
        perform(actions, after: "acquire \(waiter)")
        let refused = actions.contains(.refuse(waiter, .queueFull))
        if refused, !wasFull { violations.append("refused \(waiter) though the queue had room") }
        if wasFull, !refused, !isClosed { violations.append("let \(waiter) into a full queue") }
        if isClosed, !actions.contains(.refuse(waiter, .closed)) {
            violations.append("let \(waiter) into a closed pool")
        }
    }

    mutating func cancel(_ waiter: UInt64) {
        waiting.removeAll { $0.id == waiter }
        settled.insert(waiter)
        machine.cancel(waiter)
        perform([], after: "cancel \(waiter)")
    }

    mutating func connected(_ id: UInt64, jitter: Double) {
        connecting.remove(id)
        open[id] = Open(oldest: now + machine.configuration.maximumLifetime)
        perform(machine.connected(id, now: now, jitter: jitter), after: "connected \(id)")
    }

    mutating func connectFailed(_ id: UInt64) {
        connecting.remove(id)
        perform(machine.connectFailed(id, now: now), after: "connect \(id) failed")
    }

    mutating func release(from waiter: UInt64, isReusable: Bool) {
        guard let id = leased.removeValue(forKey: waiter) else { return }
        let actions = machine.released(id, isReusable: isReusable, now: now)
        perform(actions, after: "\(waiter) gives \(id) back \(isReusable ? "whole" : "broken")")
        if !isReusable, open[id] != nil { violations.append("kept \(id), which is broken") }
    }

    mutating func tick() {
        perform(machine.tick(now: now), after: "tick")
        if waiting.contains(where: { $0.deadline <= now }) { violations.append("let a deadline pass") }
        let surplus = idle.count - machine.configuration.minimum
        if surplus > 0, !isClosed, machine.configuration.idleTimeout == .zero {
            violations.append("kept \(surplus) idle connections too many")
        }
        guard !isClosed, now >= machine.retryAt else { return }
        let total = connecting.count + open.count
        if total < machine.configuration.minimum, machine.failures == 0 {
            violations.append("\(total) connections")
        }
        if !servable.isEmpty, total < machine.configuration.maximum, connecting.isEmpty {
            violations.append("nothing is on its way for those who wait")
        }
    }

    mutating func shutDown() {
        isClosed = true
        perform(machine.shutDown(), after: "shut down")
        if !idle.isEmpty { violations.append("an idle connection outlived the shutdown") }
        if !waiting.isEmpty { violations.append("somebody still waits after the shutdown") }
    }

    // MARK: What the machine asks for

    private mutating func perform(
        _ actions: [PoolStateMachine.Action], after event: @autoclosure () -> String
    ) {
        if isRecording { events.append("\(now) \(event()) → \(actions)") }
        for action in actions {
            switch action {
            case .connect(let id):
                if !usedIDs.insert(id).inserted { violations.append("reused id \(id)") }
                if isClosed { violations.append("connects after the shutdown") }
                connecting.insert(id)
            case .grant(let waiter, let id): grant(id, to: waiter)
            case .refuse(let waiter, let refusal):
                let deadline = waiting.first { $0.id == waiter }?.deadline
                if refusal == .timeout, deadline ?? .zero > now {
                    violations.append("refused \(waiter) before its deadline")
                }
                waiting.removeAll { $0.id == waiter }
                if !settled.insert(waiter).inserted { violations.append("answered \(waiter) twice") }
            case .close(let id):
                if leased.values.contains(id) { violations.append("closed \(id) while it was lent") }
                if open.removeValue(forKey: id) == nil {
                    violations.append("closed \(id), which is not open")
                }
            }
        }
        checkLimits()
    }

    private mutating func grant(_ id: UInt64, to waiter: UInt64) {
        if open[id] == nil { violations.append("granted \(id), which is not open") }
        if let oldest = open[id]?.oldest, oldest <= now {
            violations.append("granted \(id), which is too old")
        }
        if leased.values.contains(id) { violations.append("granted \(id) twice") }
        if servable.first != waiter { violations.append("not first come, first served: \(waiter)") }
        waiting.removeAll { $0.id == waiter }
        if !settled.insert(waiter).inserted { violations.append("answered \(waiter) twice") }
        leased[waiter] = id
    }

    private mutating func checkLimits() {
        let total = connecting.count + open.count
        if total > machine.configuration.maximum { violations.append("\(total) connections") }
        if waiting.count > machine.configuration.queueLimit { violations.append("queue over its limit") }
        if !servable.isEmpty, !idle.isEmpty { violations.append("somebody waits beside an idle connection") }
        for case let user? in Self.users where held(by: user) > machine.configuration.maximumPerUser {
            violations.append("a user has more than their share")
        }
        if machine.waitingCount != waiting.count { violations.append("a waiter was forgotten") }
        if machine.leasedCount != leased.count { violations.append("a lease was forgotten") }
    }
}
