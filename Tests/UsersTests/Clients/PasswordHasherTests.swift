import ServiceKit
import Synchronization
import Testing

@testable import Users

@Suite struct PasswordHasherTests {
    private let address = ClientAddress.unknown

    @Test func verdicts() async throws {
        let hasher = PasswordHasher.shared
        let encoded = try await hasher.hash("unlikely tulip 42", for: address)
        #expect(try await hasher.verify("unlikely tulip 42", against: encoded, for: address) == .right)
        #expect(try await hasher.verify("unlikely tulip 43", against: encoded, for: address) == .wrong)
        // The decoy must be a hash that Argon2id accepts to work on, or an unknown email would answer at
        // once.
        #expect(try await hasher.verify("unlikely tulip 42", against: nil, for: address) == .wrong)
    }

    @Test func otherParametersAreOutdated() async throws {
        let old = try Argon2id(memoryKibibytes: 8_192, passes: 1, lanes: 1)
            .hash(Array("unlikely tulip 42".utf8), salt: [UInt8](repeating: 1, count: 16))
        let verdict = try await PasswordHasher.shared.verify("unlikely tulip 42", against: old, for: address)
        #expect(verdict == .outdated)
    }

    @Test func saltsDiffer() async throws {
        let hasher = PasswordHasher.shared
        let first = try await hasher.hash("unlikely tulip 42", for: address)
        #expect(try await first != hasher.hash("unlikely tulip 42", for: address))
    }

    @Test func aFloodWaitsForItself() async throws {
        let hasher = PasswordHasher(limits: HashingQueue.Limits(atOnce: 1))
        let attacker = try #require(ClientAddress(parsing: "2001:db8::1"))
        let other = try #require(ClientAddress(parsing: "192.0.2.7"))
        let order = Order()
        let gate = await ClosedGate(of: hasher, places: 1)
        try await withThrowingTaskGroup(of: UsersError?.self) { group in
            for _ in 0..<120 {
                group.addTask {
                    do {
                        try await hasher.run(for: attacker) { order.names.withLock { $0.append("attacker") } }
                        return nil
                    } catch let error as UsersError { return error }
                }
            }
            // 32 wait behind the gate, and the others are refused at once.
            for _ in 0..<88 {
                let refusal = try await group.next() ?? nil
                #expect(refusal == .tooManyPasswordsAtOnce)
            }
            group.addTask {
                try await hasher.run(for: other) { order.names.withLock { $0.append("other") } }
                return nil
            }
            while hasher.waitingCount < 33 { await Task.yield() }
            gate.open()
            for try await refusal in group { #expect(refusal == nil) }
        }
        try await gate.passed()
        // Whichever address came first has the first turn, and the other one the second.
        #expect(order.names.withLock { $0.prefix(2).contains("other") })
        #expect(order.names.withLock { $0.count } == 33)
    }

    @Test func whoGivesUpNoLongerWaits() async throws {
        let hasher = PasswordHasher()
        let gate = await ClosedGate(of: hasher, places: 2)
        let waiting = Task { try await hasher.hash("unlikely tulip 42", for: .unknown) }
        while hasher.waitingCount < 1 { await Task.yield() }
        waiting.cancel()
        await #expect(throws: CancellationError.self) { _ = try await waiting.value }
        #expect(hasher.waitingCount == 0)
        let late = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return try await hasher.hash("unlikely tulip 42", for: .unknown)
        }
        await #expect(throws: CancellationError.self) { _ = try await late.value }
        gate.open()
        try await gate.passed()
        _ = try await hasher.hash("unlikely tulip 42", for: .unknown)
    }
}

/// Who was served, in order.
private final class Order: Sendable {
    let names = Mutex<[String]>([])
}
