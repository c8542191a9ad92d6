import Testing

@testable import ConnectionPool

/// The machine under generated sequences of every event it knows: 3,000 of them, 200 events each.
@Suite struct GeneratedSequenceTests {
    static let batches = 20
    static let sequencesABatch = 150
    static let eventsASequence = 200

    @Test(arguments: 0..<batches)
    func everyPromiseIsKept(batch: Int) {
        for seed in batch * Self.sequencesABatch..<(batch + 1) * Self.sequencesABatch {
            guard Self.run(seed: UInt64(seed), isRecording: false).violations.isEmpty else {
                let world = Self.run(seed: UInt64(seed), isRecording: true)
                // The first is the cause: the others follow from it.
                Issue.record(
                    "seed \(seed): \(world.violations[0])\n\(world.events.joined(separator: "\n"))")
                return
            }
        }
    }

    /// One sequence, from the first event until everything is closed.
    static func run(seed: UInt64, isRecording: Bool) -> PoolWorld {
        var random = SeededGenerator(seed: seed)
        var world = PoolWorld(configuration(&random), isRecording: isRecording)
        for _ in 0..<eventsASequence {
            guard world.violations.isEmpty else { return world }
            world.now += .milliseconds(Int.random(in: 0...400, using: &random))
            step(&world, &random)
        }
        settle(&world, &random)
        guard world.violations.isEmpty else { return world }
        if !world.waiting.isEmpty || world.settled.count != world.waiterCount {
            world.violations.append("a waiter was never answered")
        }
        world.shutDown()
        for waiter in world.leased.keys.sorted() { world.release(from: waiter, isReusable: true) }
        for id in world.connecting.sorted() { world.connected(id, jitter: 0) }
        if !world.open.isEmpty || !world.machine.isEmpty { world.violations.append("a connection was lost") }
        return world
    }

    private static func configuration(
        _ random: inout SeededGenerator
    ) -> PoolStateMachine.Configuration {
        var configuration = PoolStateMachine.Configuration()
        configuration.maximum = Int.random(in: 1...5, using: &random)
        configuration.minimum = Int.random(in: 0...min(2, configuration.maximum), using: &random)
        configuration.maximumPerUser = Int.random(in: 1...configuration.maximum, using: &random)
        configuration.queueLimit = Int.random(in: 1...8, using: &random)
        configuration.queueLimitPerUser = Int.random(in: 1...8, using: &random)
        configuration.acquireTimeout = .milliseconds(Int.random(in: 200...5_000, using: &random))
        // Short enough that a sequence, of about forty seconds, meets each end many times.
        configuration.maximumLifetime = .milliseconds(Int.random(in: 1_000...60_000, using: &random))
        configuration.idleTimeout =
            Bool.random(using: &random) ? .zero : .milliseconds(Int.random(in: 1...9_000, using: &random))
        return configuration
    }

    private static func step(_ world: inout PoolWorld, _ random: inout SeededGenerator) {
        switch Int.random(in: 0..<100, using: &random) {
        case 0..<32: world.acquire(for: PoolWorld.users.randomElement(using: &random) ?? nil)
        case 32..<48:
            guard let id = world.connecting.sorted().randomElement(using: &random) else { return }
            world.connected(id, jitter: .random(in: 0...1, using: &random))
        case 48..<54:
            guard let id = world.connecting.sorted().randomElement(using: &random) else { return }
            world.connectFailed(id)
        case 54..<76:
            guard let waiter = world.leased.keys.sorted().randomElement(using: &random) else { return }
            world.release(from: waiter, isReusable: Int.random(in: 0..<5, using: &random) > 0)
        case 76..<84:
            guard let waiter = world.waiting.randomElement(using: &random) else { return }
            world.cancel(waiter.id)
        case 84..<85:
            // Rare, so that most sequences are long; what comes after it must still be in order.
            if Int.random(in: 0..<4, using: &random) == 0 { world.shutDown() }
        default: world.tick()
        }
    }

    /// Lets every connect succeed and every lease end, until nobody waits or the deadlines have struck.
    private static func settle(_ world: inout PoolWorld, _ random: inout SeededGenerator) {
        for _ in 0..<80 where world.violations.isEmpty && !(world.waiting.isEmpty && world.leased.isEmpty) {
            for id in world.connecting.sorted() {
                world.connected(id, jitter: .random(in: 0...1, using: &random))
            }
            for waiter in world.leased.keys.sorted() { world.release(from: waiter, isReusable: true) }
            world.now += .milliseconds(100)
            world.tick()
        }
    }
}
