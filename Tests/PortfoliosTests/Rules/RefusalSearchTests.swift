import ExactTypes
import Foundation
import GroveTesting
import SharedTypes
import Testing

@testable import Portfolios

@Suite struct RefusalSearchTests {
    private func search(
        _ new: [LedgerTransaction], among stored: [LedgerTransaction] = [], tracksCash: Bool = false,
        limit: Int = 100, method: CostBasisMethod = .fifo
    ) throws -> [RefusalSearch.Refusal] {
        try RefusalSearch.refusals(
            of: new, among: stored, method: method, tracksCash: tracksCash, limit: limit,
            checkCancellation: {})
    }

    @Test func everySaleOfTooMuchIsFoundInOneReplay() throws {
        var new = [try Sample.trade(1, .buy, "2021-01-01", quantity: "10", price: "1")]
        for number in 2..<40 {
            // Every third asks for more than there ever was.
            let quantity = number % 3 == 0 ? "999" : "0.1"
            new.append(try Sample.trade(number, .sell, "2021-02-01", quantity: quantity, price: "1"))
        }
        let refusals = try search(new)
        #expect(refusals.map(\.transactionID) == (2..<40).filter { $0 % 3 == 0 }.map(Sample.transactionID))
        #expect(refusals.allSatisfy { $0.isOwn && $0.fault.field == "quantity" })
        #expect(try search(new, limit: 5).count == 5)
        // Without them the rest stands.
        let refused = Set(refusals.map(\.transactionID))
        #expect(try search(new.filter { !refused.contains($0.id) }) == [])
    }

    @Test func whatTakesFromAStoredSaleIsRefusedAsFarAsUnitsAreMissing() throws {
        let stored = [
            try Sample.trade(1, .buy, "2021-01-01", quantity: "5", price: "1"),
            try Sample.trade(2, .sell, "2021-03-01", quantity: "4", price: "1"),
        ]
        let new = try [10, 11, 12, 13].map { number in
            try Sample.trade(
                number, number == 12 ? .buy : .sell, "2021-02-01", hour: Double(number), quantity: "1",
                price: "1")
        }
        // Three sold and one bought leave 3 for the sale of 4: the last sale goes, and the purchase is not to blame.
        let refusals = try search(new, among: stored)
        #expect(refusals.map(\.transactionID) == [Sample.transactionID(13)])
        #expect(refusals.first?.isOwn == false)
        #expect(refusals.first?.fault.transactionID == stored[1].id)
        #expect(try search(Array(new.prefix(3)), among: stored) == [])
        let more = try search(new.filter { $0.type == .sell }, among: stored)
        #expect(more.map(\.transactionID) == [13, 11].map(Sample.transactionID))
    }

    @Test func whatSpendsCashThatIsNotThereIsRefusedFromTheLast() throws {
        let stored = [
            try Sample.trade(1, .deposit, "2021-01-01", amount: "100", instrument: nil),
            try Sample.trade(2, .withdrawal, "2021-03-01", amount: "60", instrument: nil),
        ]
        let new = try (10...14).map { number in
            try Sample.trade(number, .buy, "2021-02-01", hour: Double(number), quantity: "1", price: "30")
        }
        // The first three fit into 100, and two of them leave too little for the withdrawal.
        let refusals = try search(new, among: stored, tracksCash: true)
        #expect(refusals.map(\.transactionID) == [13, 14, 12, 11].map(Sample.transactionID))
        #expect(refusals.map(\.isOwn) == [true, true, false, false])
        #expect(refusals.last?.fault.field == "amount")
        #expect(try search([new[0]], among: stored, tracksCash: true) == [])
    }

    @Test func ofOneMomentWhatIsSoldPaysForWhatIsBought() throws {
        let new = [
            try Sample.trade(1, .transferIn, "2021-01-01", quantity: "1", price: "1"),
            try Sample.trade(2, .buy, "2021-02-01", quantity: "1", price: "50"),
            try Sample.trade(3, .sell, "2021-02-01", quantity: "1", price: "50"),
            try Sample.trade(4, .fee, "2021-02-01", amount: "1", instrument: nil),
        ]
        #expect(try search(new, tracksCash: true).map(\.transactionID) == [Sample.transactionID(4)])
    }

    @Test func booksThatDoNotStandThemselvesAreNobodysFault() throws {
        let broken = [try Sample.trade(1, .sell, "2021-01-01", quantity: "1", price: "1")]
        let fault = #expect(throws: LedgerFault.self) {
            try search([try Sample.trade(2, .buy, "2021-02-01", quantity: "1", price: "1")], among: broken)
        }
        #expect(fault?.transactionID == broken[0].id)
    }

    @Test(arguments: [CostBasisMethod.fifo, .lifo, .hifo, .average], [false, true])
    func whatSearchesLeaveStands(method: CostBasisMethod, tracksCash: Bool) throws {
        var random = SeededGenerator(seed: 4)
        let instruments = (0..<3).map { _ in Instrument.ID(UUID()) }
        for _ in 0..<60 {
            var new: [LedgerTransaction] = []
            for number in 0..<60 {
                let day =
                    "2021-0\(Int.random(in: 1...9, using: &random))-1\(Int.random(in: 0...9, using: &random))"
                let type: TransactionType =
                    [.buy, .sell, .buy, .dividend].randomElement(using: &random) ?? .buy
                let quantity = "\(Int.random(in: 1...9, using: &random))"
                new.append(
                    type == .dividend
                        ? try Sample.trade(
                            number, .deposit, day, amount: quantity, instrument: nil)
                        : try Sample.trade(
                            number, type, day, quantity: quantity, price: "2",
                            instrument: instruments.randomElement(using: &random)))
            }
            if !tracksCash { new.removeAll { $0.type == .deposit } }
            var refused: Set<Transaction.ID>
            repeat {
                refused = Set(try search(new, tracksCash: tracksCash, method: method).map(\.transactionID))
                new.removeAll { refused.contains($0.id) }
            } while !refused.isEmpty
            #expect(!new.isEmpty)
            #expect(throws: Never.self) {
                try PortfolioBook.replay(new, method: method, tracksCash: tracksCash)
            }
        }
    }

    @Test func theSearchEndsWhereNobodyWaits() throws {
        struct Gone: Error {}
        let new = try (0..<10).map { try Sample.trade($0, .buy, "2021-01-01", quantity: "1", price: "1") }
        var count = 0
        #expect(throws: Gone.self) {
            try RefusalSearch.refusals(
                of: new, among: [], method: .fifo, tracksCash: false, limit: 1,
                checkCancellation: {
                    count += 1
                    if count == 4 { throw Gone() }
                })
        }
        #expect(count == 4)
    }
}
