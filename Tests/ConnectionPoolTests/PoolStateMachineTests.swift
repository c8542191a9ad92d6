import Foundation
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

    private let ada = UUID()
    private let bob = UUID()

    /// A machine with so many idle connections.
    private func machine(
        connections: Int, perUser: Int, queuePerUser: Int = .max
    ) -> PoolStateMachine {
        var configuration = PoolStateMachine.Configuration()
        configuration.minimum = connections
        configuration.maximum = connections
        configuration.maximumPerUser = perUser
        configuration.queueLimitPerUser = queuePerUser
        configuration.acquireTimeout = .seconds(1)
        var machine = PoolStateMachine(configuration: configuration)
        for case .connect(let id) in machine.tick(now: .zero) {
            _ = machine.connected(id, now: .zero, jitter: 0)
        }
        return machine
    }

    @Test func aUserHasTheirShareAndOthersAreServedPastThem() {
        var machine = machine(connections: 4, perUser: 2)
        #expect(machine.acquire(1, for: ada, now: .zero) == [.grant(1, 3)])
        #expect(machine.acquire(2, for: ada, now: .zero) == [.grant(2, 2)])
        #expect(machine.acquire(3, for: ada, now: .zero) == [])
        #expect(machine.acquire(4, for: ada, now: .zero) == [])
        #expect(machine.acquire(5, for: bob, now: .zero) == [.grant(5, 1)])
        #expect(machine.acquire(6, now: .zero) == [.grant(6, 0)])
        // What another gives back is not for who has their share; what they give back is, in their order.
        #expect(machine.released(1, isReusable: true, now: .zero) == [])
        #expect(machine.released(3, isReusable: true, now: .zero) == [.grant(3, 3)])
        machine.cancel(4)
        #expect(machine.released(2, isReusable: true, now: .zero) == [])
        #expect(machine.waitingCount == 0)
    }

    @Test func whoWaitsForTheirShareIsRefusedAtTheDeadline() {
        var machine = machine(connections: 4, perUser: 1)
        _ = machine.acquire(1, for: ada, now: .zero)
        #expect(machine.acquire(2, for: ada, now: .zero) == [])
        #expect(machine.tick(now: .milliseconds(999)) == [])
        #expect(machine.tick(now: .seconds(1)) == [.refuse(2, .timeout)])
        // One that broke counts no longer either.
        #expect(machine.acquire(3, for: ada, now: .seconds(1)) == [])
        #expect(machine.released(3, isReusable: false, now: .seconds(1)).contains(.grant(3, 2)))
    }

    @Test func aUsersLineIsBounded() {
        var machine = machine(connections: 2, perUser: 1, queuePerUser: 2)
        _ = machine.acquire(1, for: ada, now: .zero)
        for waiter in 2...3 { #expect(machine.acquire(UInt64(waiter), for: ada, now: .zero) == []) }
        #expect(machine.acquire(4, for: ada, now: .zero) == [.refuse(4, .queueFull)])
        #expect(machine.acquire(5, for: bob, now: .zero) == [.grant(5, 0)])
    }

    /// A connection that nobody could be given is not opened.
    @Test func noConnectionIsOpenedForWhoHasTheirShare() {
        var configuration = PoolStateMachine.Configuration()
        configuration.maximum = 4
        configuration.maximumPerUser = 2
        var machine = PoolStateMachine(configuration: configuration)
        #expect(machine.acquire(1, for: ada, now: .zero) == [.connect(0)])
        #expect(machine.acquire(2, for: ada, now: .zero) == [.connect(1)])
        #expect(machine.acquire(3, for: ada, now: .zero) == [])
        #expect(machine.connected(0, now: .zero, jitter: 0) == [.grant(1, 0)])
        #expect(machine.acquire(4, for: ada, now: .zero) == [])
        #expect(machine.acquire(5, for: bob, now: .zero) == [.connect(2)])
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
