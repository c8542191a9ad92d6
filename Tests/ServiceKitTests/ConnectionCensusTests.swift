import Testing

@testable import ServiceKit

@Suite struct ConnectionCensusTests {
    @Test func theOldestIdleConnectionMakesRoom() {
        var census = ConnectionCensus<Int>(maximum: 3, maximumPerAddress: 10)
        for id in 1...3 { #expect(census.open(id, from: "a") == .admitted) }
        census.becameBusy(1)
        #expect(census.open(4, from: "a") == .replaces(2))
        census.becameIdle(1)
        #expect(census.open(5, from: "a") == .replaces(3))
        // It has been idle for a shorter time than the fourth.
        #expect(census.open(6, from: "a") == .replaces(4))
        #expect(census.open(7, from: "a") == .replaces(1))
        #expect(census.count == 3)
    }

    @Test func nothingMakesRoomWhereAllAreBusy() {
        var census = ConnectionCensus<Int>(maximum: 2, maximumPerAddress: 10)
        for id in 1...2 {
            #expect(census.open(id, from: nil) == .admitted)
            census.becameBusy(id)
        }
        #expect(census.open(3, from: nil) == .full)
        census.close(1)
        #expect(census.open(3, from: nil) == .admitted)
    }

    @Test func anAddressHasItsShareAndOthersTheirs() {
        var census = ConnectionCensus<Int>(maximum: 10, maximumPerAddress: 2)
        for id in 1...2 {
            #expect(census.open(id, from: "a") == .admitted)
            census.becameBusy(id)
        }
        #expect(census.open(3, from: "a") == .addressFull)
        #expect(census.open(4, from: "b") == .admitted)
        #expect(census.open(5, from: nil) == .admitted)
        census.close(3)
        #expect(census.open(6, from: "a") == .addressFull)
        census.close(1)
        #expect(census.open(6, from: "a") == .admitted)
    }

    /// Somebody's forgotten connections do not keep out what they, or who shares their address, ask for next.
    @Test func anAddressesOwnIdleConnectionMakesRoomInIt() {
        var census = ConnectionCensus<Int>(maximum: 10, maximumPerAddress: 3)
        #expect(census.open(1, from: "b") == .admitted)
        for id in 2...4 { #expect(census.open(id, from: "a") == .admitted) }
        census.becameBusy(2)
        // Not the first, which has been idle for longer, but is another's.
        #expect(census.open(5, from: "a") == .replaces(3))
        census.becameIdle(2)
        census.becameBusy(4)
        #expect(census.open(6, from: "a") == .replaces(5))
        for id in [2, 6] { census.becameBusy(id) }
        #expect(census.open(7, from: "a") == .addressFull)
        #expect(census.count == 4)
        // The address is full and the process too: it is still the address's own.
        census.becameIdle(6)
        for id in 8...13 { #expect(census.open(id, from: "c\(id)") == .admitted) }
        #expect(census.open(14, from: "a") == .replaces(6))
        #expect(census.open(15, from: "d") == .replaces(1))
    }

    /// Against a list that is searched from the front.
    @Test func itAgreesWithASimplerOneOverManySteps() {
        var random = SystemRandomNumberGenerator()
        var census = ConnectionCensus<Int>(maximum: 20, maximumPerAddress: 1_000)
        var idle: [Int] = []
        var busy: Set<Int> = []
        for id in 0..<20_000 {
            switch Int.random(in: 0..<4, using: &random) {
            case 0:
                let admission = census.open(id, from: nil)
                if idle.count + busy.count < 20 {
                    #expect(admission == .admitted)
                } else if let oldest = idle.first {
                    #expect(admission == .replaces(oldest))
                    idle.removeFirst()
                } else {
                    #expect(admission == .full)
                    continue
                }
                idle.append(id)
            case 1:
                guard let one = idle.randomElement(using: &random) else { continue }
                idle.removeAll { $0 == one }
                busy.insert(one)
                census.becameBusy(one)
            case 2:
                guard let one = busy.randomElement(using: &random) else { continue }
                busy.remove(one)
                idle.append(one)
                census.becameIdle(one)
            default:
                guard let one = busy.randomElement(using: &random) ?? idle.first, Bool.random(using: &random)
                else { continue }
                busy.remove(one)
                idle.removeAll { $0 == one }
                census.close(one)
            }
            #expect(census.count == idle.count + busy.count)
        }
    }
}
