import Testing

@testable import ConnectionPool

/// The pool's decisions over generated sequences of events, with no socket and no clock.
@Suite struct PoolStateMachineTests {
    /// A world that obeys the machine and remembers what it owes to whom.
    struct World {
        var machine: PoolStateMachine
        var now: Duration = .zero
        var connecting: Set<UInt64> = []
        var open: Set<UInt64> = []
        var leased: [UInt64: UInt64] = [:]
        var waiting: [UInt64] = []
        var settled: Set<UInt64> = []
        var grants: [UInt64] = []
        var violations: [String] = []

        init(maximum: Int, minimum: Int, queueLimit: Int) {
            var configuration = PoolStateMachine.Configuration()
            configuration.maximum = maximum
            configuration.minimum = minimum
            configuration.queueLimit = queueLimit
            machine = PoolStateMachine(configuration: configuration)
        }

        mutating func perform(_ actions: [PoolStateMachine.Action]) {
            for action in actions {
                switch action {
                case .connect(let id):
                    if !connecting.insert(id).inserted || open.contains(id) {
                        violations.append("reused id \(id)")
                    }
                case .grant(let waiter, let id):
                    if !open.contains(id) { violations.append("granted \(id), which is not open") }
                    if leased.values.contains(id) { violations.append("granted \(id) twice") }
                    if !waiting.contains(waiter) {
                        violations.append("granted to \(waiter), who does not wait")
                    }
                    if waiting.first != waiter { violations.append("not first come, first served") }
                    waiting.removeAll { $0 == waiter }
                    if !settled.insert(waiter).inserted { violations.append("answered \(waiter) twice") }
                    leased[waiter] = id
                    grants.append(waiter)
                case .refuse(let waiter, _):
                    waiting.removeAll { $0 == waiter }
                    if !settled.insert(waiter).inserted { violations.append("answered \(waiter) twice") }
                case .close(let id):
                    if leased.values.contains(id) { violations.append("closed \(id) while it was lent") }
                    if open.remove(id) == nil { violations.append("closed \(id), which is not open") }
                }
            }
            let total = connecting.count + open.count
            if total > machine.configuration.maximum { violations.append("\(total) connections") }
            if waiting.count > machine.configuration.queueLimit { violations.append("queue over its limit") }
        }
    }

    @Test(arguments: 0..<300)
    func generatedSequencesKeepEveryPromise(seed: Int) {
        var random = SeededGenerator(seed: UInt64(seed))
        var world = World(
            maximum: Int.random(in: 1...5, using: &random), minimum: Int.random(in: 0...1, using: &random),
            queueLimit: Int.random(in: 1...8, using: &random))
        var nextWaiter: UInt64 = 0
        for _ in 0..<400 {
            world.now += .milliseconds(Int.random(in: 0...400, using: &random))
            switch Int.random(in: 0..<12, using: &random) {
            case 0...3:
                nextWaiter += 1
                world.waiting.append(nextWaiter)
                // The world checks the order at the grant, so a refusal at the door leaves the queue as it was.
                world.perform(world.machine.acquire(nextWaiter, now: world.now))
            case 4...5:
                guard let id = world.connecting.randomElement(using: &random) else { continue }
                world.connecting.remove(id)
                world.open.insert(id)
                world.perform(
                    world.machine.connected(id, now: world.now, jitter: .random(in: 0...1, using: &random)))
            case 6:
                guard let id = world.connecting.randomElement(using: &random) else { continue }
                world.connecting.remove(id)
                world.perform(world.machine.connectFailed(id, now: world.now))
            case 7...9:
                guard let (waiter, id) = world.leased.randomElement(using: &random) else { continue }
                world.leased[waiter] = nil
                world.perform(world.machine.released(id, isReusable: .random(using: &random), now: world.now))
            case 10:
                guard let waiter = world.waiting.randomElement(using: &random) else { continue }
                world.waiting.removeAll { $0 == waiter }
                world.settled.insert(waiter)
                world.machine.cancel(waiter)
            default: world.perform(world.machine.tick(now: world.now))
            }
        }
        settle(&world)
        #expect(world.violations == [])
        #expect(world.waiting == [], "a waiter was forgotten")
        #expect(world.settled.count == Int(nextWaiter))
        world.perform(world.machine.shutDown())
        #expect(world.open.isEmpty, "a connection was lost")
        #expect(world.machine.isEmpty)
        #expect(world.violations == [])
    }

    /// Lets every connect succeed and every lease end until nobody waits, or the deadline strikes.
    private func settle(_ world: inout World) {
        for _ in 0..<200 {
            for id in world.connecting {
                world.connecting.remove(id)
                world.open.insert(id)
                world.perform(world.machine.connected(id, now: world.now, jitter: 0))
            }
            for (waiter, id) in world.leased {
                world.leased[waiter] = nil
                world.perform(world.machine.released(id, isReusable: true, now: world.now))
            }
            world.now += .milliseconds(100)
            world.perform(world.machine.tick(now: world.now))
        }
    }

    @Test func aWaiterIsRefusedAtItsDeadline() {
        var configuration = PoolStateMachine.Configuration()
        configuration.acquireTimeout = .seconds(1)
        var machine = PoolStateMachine(configuration: configuration)
        #expect(machine.acquire(1, now: .zero) == [.connect(0)])
        #expect(machine.tick(now: .milliseconds(999)) == [])
        #expect(machine.tick(now: .seconds(1)) == [.refuse(1, .timeout)])
        #expect(machine.connected(0, now: .seconds(2), jitter: 0) == [])
        #expect(machine.acquire(2, now: .seconds(2)) == [.grant(2, 0)])
    }

    @Test func failingConnectsBackOffAndThenOneTries() {
        var machine = PoolStateMachine(configuration: .init())
        #expect(machine.acquire(1, now: .zero) == [.connect(0)])
        #expect(machine.acquire(2, now: .zero) == [.connect(1)])
        #expect(machine.connectFailed(0, now: .zero) == [])
        #expect(machine.connectFailed(1, now: .zero) == [])
        #expect(machine.tick(now: .milliseconds(99)) == [])
        #expect(machine.tick(now: .milliseconds(100)) == [.connect(2)])
        #expect(machine.tick(now: .milliseconds(200)) == [])
    }

    @Test func anOldConnectionIsNotLentAgain() {
        var configuration = PoolStateMachine.Configuration()
        configuration.maximumLifetime = .seconds(100)
        var machine = PoolStateMachine(configuration: configuration)
        _ = machine.acquire(1, now: .zero)
        #expect(machine.connected(0, now: .zero, jitter: 1) == [.grant(1, 0)])
        #expect(machine.released(0, isReusable: true, now: .seconds(91)) == [.close(0)])
    }
}

/// SplitMix64: the same sequence for the same seed on every machine.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }
}
