import GroveTesting
import Testing

@testable import Users

@Suite struct HashingQueueTests {
    private static func limits(_ atOnce: Int, perAddress: Int, all: Int) -> HashingQueue.Limits {
        HashingQueue.Limits(atOnce: atOnce, waitingPerAddress: perAddress, waiting: all)
    }

    @Test func addressesTakeTurns() {
        var queue = HashingQueue(limits: Self.limits(1, perAddress: 9, all: 9))
        #expect(queue.enter(1, from: "a") == [.start(1)])
        for (ticket, address) in [(2, "a"), (3, "a"), (4, "b"), (5, "b"), (6, "c")] {
            #expect(queue.enter(ticket, from: address) == [])
        }
        var order: [Int] = [1]
        while let last = order.last, case .start(let next)? = queue.finish(last).first { order.append(next) }
        #expect(order == [1, 2, 4, 6, 3, 5])
        #expect(queue.waitingCount == 0)
    }

    @Test func anAddressThatIsBeingServedComesAfterOneThatIsNot() {
        var queue = HashingQueue(limits: Self.limits(2, perAddress: 9, all: 9))
        #expect(queue.enter(1, from: "a") == [.start(1)])
        #expect(queue.enter(2, from: "a") == [.start(2)])
        #expect(queue.enter(3, from: "a") == [])
        #expect(queue.enter(4, from: "b") == [])
        #expect(queue.finish(1) == [.start(4)])
    }

    @Test func aLineHasAnEnd() {
        var queue = HashingQueue(limits: Self.limits(1, perAddress: 2, all: 9))
        #expect(queue.enter(1, from: "a") == [.start(1)])
        #expect(queue.enter(2, from: "a") == [])
        #expect(queue.enter(3, from: "a") == [])
        #expect(queue.enter(4, from: "a") == [.refuse(4)])
        #expect(queue.enter(5, from: "b") == [])
    }

    @Test func theLongestLineGivesUpAPlaceWhenAllAreTaken() {
        var queue = HashingQueue(limits: Self.limits(1, perAddress: 9, all: 3))
        #expect(queue.enter(1, from: "a") == [.start(1)])
        for ticket in 2...4 { #expect(queue.enter(ticket, from: "a") == []) }
        #expect(queue.enter(5, from: "a") == [.refuse(5)])
        #expect(queue.enter(6, from: "b") == [.refuse(4)])
        // To change places with a line that is as long would win nothing.
        #expect(queue.enter(7, from: "b") == [.refuse(7)])
        #expect(queue.enter(8, from: "c") == [.refuse(3)])
        #expect(queue.enter(9, from: "d") == [.refuse(9)])
        #expect(queue.waitingCount == 3)
    }

    @Test func whoLeavesGivesThePlaceBack() {
        var queue = HashingQueue(limits: Self.limits(1, perAddress: 1, all: 1))
        #expect(queue.enter(1, from: "a") == [.start(1)])
        #expect(queue.enter(2, from: "a") == [])
        let cancelled = [queue.cancel(2, from: "a"), queue.cancel(2, from: "a"), queue.cancel(1, from: "a")]
        #expect(cancelled == [true, false, false])
        #expect(queue.enter(3, from: "a") == [])
        #expect(queue.finish(1) == [.start(3)])
        #expect(queue.finish(3) == [])
    }

    /// 600 sequences of arrivals, ends and cancellations; a model beside the queue says what was promised.
    @Test(arguments: 0..<6)
    func everyPromiseIsKept(batch: UInt64) {
        for seed in batch * 100..<(batch + 1) * 100 {
            var random = SeededGenerator(seed: seed)
            var world = HashingWorld(
                limits: Self.limits(
                    Int.random(in: 1...3, using: &random), perAddress: Int.random(in: 1...6, using: &random),
                    all: Int.random(in: 1...12, using: &random)))
            for _ in 0..<200 {
                switch Int.random(in: 0..<10, using: &random) {
                // One address asks as often as all the others.
                case 0..<3: world.enter("flood")
                case 3..<6: world.enter("address \(Int.random(in: 0..<6, using: &random))")
                case 6..<9:
                    guard let ticket = world.running.keys.sorted().randomElement(using: &random) else {
                        break
                    }
                    world.finish(ticket)
                default:
                    guard let ticket = world.waiting.randomElement(using: &random)?.ticket else { break }
                    world.cancel(ticket)
                }
            }
            while let ticket = world.running.keys.min() { world.finish(ticket) }
            world.expect(world.waiting.isEmpty && world.queue.waitingCount == 0, "somebody still waits")
            world.expect(world.answered.count == world.lastTicket, "somebody was never answered")
            #expect(world.violations.isEmpty, "seed \(seed): \(world.violations.first ?? "")")
        }
    }
}

/// A world that obeys the queue, and writes down where it was wronged.
private struct HashingWorld {
    struct Waiting {
        let ticket: Int
        let address: String
    }

    var queue: HashingQueue
    var running: [Int: String] = [:]
    var waiting: [Waiting] = []
    var answered: Set<Int> = []
    var lastTicket = 0
    var violations: [String] = []
    /// Of each address that waits and is not being served: the others that were started since.
    private var overtakers: [String: Set<String>] = [:]

    init(limits: HashingQueue.Limits) { queue = HashingQueue(limits: limits) }

    mutating func expect(_ condition: Bool, _ what: String) {
        if !condition { violations.append(what) }
    }

    mutating func enter(_ address: String) {
        lastTicket += 1
        let line = waiting.count { $0.address == address }
        let longest = Dictionary(grouping: waiting, by: \.address).values.map(\.count).max() ?? 0
        let isFull = waiting.count >= queue.limits.waiting
        waiting.append(Waiting(ticket: lastTicket, address: address))
        let actions = queue.enter(lastTicket, from: address)
        if actions.contains(.refuse(lastTicket)) {
            expect(
                line >= queue.limits.waitingPerAddress || (isFull && longest <= line + 1),
                "\(address) was refused though another line is longer")
        }
        perform(actions)
    }

    mutating func finish(_ ticket: Int) {
        let address = running.removeValue(forKey: ticket)
        expect(address != nil, "\(ticket) does not run")
        perform(queue.finish(ticket))
    }

    mutating func cancel(_ ticket: Int) {
        guard let place = waiting.firstIndex(where: { $0.ticket == ticket }) else { return }
        let address = waiting.remove(at: place).address
        expect(queue.cancel(ticket, from: address), "\(ticket) could not leave")
        answer(ticket)
        perform([])
    }

    private mutating func answer(_ ticket: Int) {
        expect(answered.insert(ticket).inserted, "\(ticket) was answered twice")
    }

    private func served(_ address: String) -> Int { running.values.count { $0 == address } }

    private mutating func perform(_ actions: [HashingQueue.Action]) {
        for action in actions {
            switch action {
            case .refuse(let ticket):
                expect(waiting.contains { $0.ticket == ticket }, "\(ticket) was refused and does not wait")
                waiting.removeAll { $0.ticket == ticket }
                answer(ticket)
            case .start(let ticket): start(ticket)
            }
        }
        expect(running.count <= queue.limits.atOnce, "more than \(queue.limits.atOnce) run at once")
        expect(waiting.isEmpty || running.count == queue.limits.atOnce, "a place is free and somebody waits")
        expect(queue.waitingCount == waiting.count, "the count is wrong")
        expect(waiting.count <= queue.limits.waiting, "too many wait")
        let idle = Set(waiting.map(\.address)).filter { served($0) == 0 }
        overtakers = overtakers.filter { idle.contains($0.key) }
        for address in idle where overtakers[address] == nil { overtakers[address] = [] }
        for address in idle {
            expect(
                waiting.count { $0.address == address } <= queue.limits.waitingPerAddress,
                "the line of \(address) is too long")
        }
    }

    private mutating func start(_ ticket: Int) {
        guard let place = waiting.firstIndex(where: { $0.ticket == ticket }) else {
            violations.append("\(ticket) was started and does not wait")
            return
        }
        let address = waiting[place].address
        expect(
            waiting.first { $0.address == address }?.ticket == ticket, "\(ticket) overtook its own line")
        for other in Set(waiting.map(\.address)) where other != address {
            expect(
                served(other) >= served(address),
                "\(address) has \(served(address)) running and came before \(other)")
        }
        for other in overtakers.keys where other != address {
            let isFirst = overtakers[other]?.insert(address).inserted == true
            expect(isFirst, "\(address) overtook \(other) twice")
        }
        overtakers[address] = nil
        waiting.remove(at: place)
        running[ticket] = address
        answer(ticket)
    }
}
