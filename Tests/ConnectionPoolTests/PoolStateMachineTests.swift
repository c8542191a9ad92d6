import Testing

@testable import ConnectionPool

/// Single decisions of the pool, with no socket and no clock.
@Suite struct PoolStateMachineTests {
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
        // Nor is one that grew old in the pool between two ticks.
        _ = machine.acquire(2, now: .seconds(100))
        #expect(machine.connected(1, now: .seconds(100), jitter: 0) == [.grant(2, 1)])
        #expect(machine.released(1, isReusable: true, now: .seconds(199)) == [])
        #expect(machine.acquire(3, now: .seconds(200)) == [.close(1), .connect(2)])
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
