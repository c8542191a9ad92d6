import ExactTypes
import Foundation
import GroveTesting
import SharedTypes
import Testing

@testable import Portfolios

/// What a book costs: it says what the plain rules say, and looks at no more lots than it changes.
@Suite struct LotBookCostTests {
    @Test(arguments: CostBasisMethod.allCases, [false, true])
    func theBookSaysWhatThePlainRulesSay(method: CostBasisMethod, isCoarse: Bool) throws {
        var generator = SeededGenerator(seed: 20_261_129)
        var closures = 0
        for _ in 0..<250 {
            var (book, plain) = (
                LotBook(instrumentID: Sample.instrument, method: method), ReferenceLotBook(method: method)
            )
            for number in 0..<Int.random(in: 1...60, using: &generator) {
                let next = try LotBookPropertyTests.transaction(
                    number, after: book, &generator, isCoarse: isCoarse)
                try book.take(next)
                try plain.take(next)
                #expect(book.quantity == plain.quantity)
            }
            try Self.expectSame(book, plain)
            closures += plain.closures.count
        }
        #expect(closures > 3_000)
    }

    /// The same units to the last, the same amounts but for the rounding of each lot.
    private static func expectSame(_ book: LotBook, _ plain: ReferenceLotBook) throws {
        let rounding = try FixedDecimal("0.00000000001")
        func expectEqual(_ left: [FixedDecimal], _ right: [FixedDecimal], _ comment: Comment) throws {
            try #require(left.count == right.count, comment)
            for (left, right) in zip(left, right) {
                #expect(try (left - right).magnitude <= rounding, comment)
            }
        }
        let (open, plainOpen) = (try book.openLots(), plain.lots.filter(\.isOpen))
        #expect(open.map(\.openedBy) == plainOpen.map(\.openedBy))
        #expect(open.map { [$0.quantity, $0.remaining] } == plainOpen.map { [$0.quantity, $0.remaining] })
        try expectEqual(open.map(\.remainingCost), plainOpen.map(\.remainingCost), "open lots")
        let (sales, plainSales) = (
            book.closures.filter { $0.lot != nil }, plain.closures.filter { $0.kind != .returnOfCapital }
        )
        #expect(sales.map(\.lot) == plainSales.map(\.lot))
        #expect(sales.map { [$0.quantity, $0.saleFees] } == plainSales.map { [$0.quantity, $0.saleFees] })
        try expectEqual(sales.map(\.cost), plainSales.map(\.cost), "closures")
        try expectEqual(sales.map(\.proceeds), plainSales.map(\.proceeds), "proceeds")
        for closure in book.closures where closure.lot == nil {
            let parts = plain.closures.filter { $0.closedBy == closure.closedBy }
            let cost = try parts.reduce(FixedDecimal.zero) { try $0 + $1.cost }
            let gain = try parts.reduce(FixedDecimal.zero) { try $0 + $1.realizedGain }
            try expectEqual([closure.cost, closure.realizedGain], [cost, gain], "returned capital")
        }
    }

    /// A book that knows no more than the lots that it has to look at comes to the same.
    @Test(arguments: CostBasisMethod.allCases, [false, true])
    func aReturnOfCapitalLooksAtWhatItRepays(method: CostBasisMethod, isCoarse: Bool) throws {
        var all: [LedgerTransaction] = []
        for number in 0..<2_000 {
            all.append(
                try Sample.trade(
                    all.count, .buy, "2000-01-01", hour: Double(number) / 60, quantity: "1",
                    price: isCoarse ? "1000" : "\(1 + number)"))
        }
        for number in 0..<2_000 {
            all.append(
                try Sample.trade(
                    all.count, .returnOfCapital, "2005-01-01", hour: Double(number) / 60, amount: "1000"))
        }
        let book = try Sample.book(method, all)
        #expect(book.open.visits <= all.count)
        #expect(book.closures.count == 2_000)
    }

    /// A history of a shape that once took the square of its length.
    enum Shape: CaseIterable {
        case buysThenSales, buysThenOneSale, salesAmongManyLots, tradesAmongManyLots, transfersAmongManyLots
        case namedFromTheNewest, namedFromTheMiddle
    }

    private static func history(_ shape: Shape, count: Int) throws -> [LedgerTransaction] {
        var all: [LedgerTransaction] = []
        func add(
            _ type: TransactionType, _ quantity: Int, price: Int? = 10, lots: [(Int, String)] = []
        ) throws {
            let minutes = Double(all.count) / 60
            all.append(
                try Sample.trade(
                    all.count, type, "2000-01-01", hour: minutes, quantity: "\(quantity)",
                    price: price.map { "\($0)" }, lots: lots))
        }
        // Dearer and cheaper ones in turn.
        for number in 0..<count { try add(.buy, 2, price: 10 + number * 7_919 % 101) }
        switch shape {
        case .buysThenSales: for _ in 0..<count { try add(.sell, 2) }
        case .buysThenOneSale: try add(.sell, count * 2)
        case .salesAmongManyLots: for _ in 0..<count { try add(.sell, 1) }
        case .tradesAmongManyLots:
            for number in 0..<count / 2 {
                try add(.sell, 1)
                try add(.buy, 1, price: 10 + number % 13)
            }
        case .transfersAmongManyLots:
            for _ in 0..<count / 2 {
                try add(.transferOut, 1, price: nil)
                try add(.transferIn, 1)
            }
        case .namedFromTheNewest:
            for number in (1..<count).reversed() { try add(.sell, 2, lots: [(number, "2")]) }
        case .namedFromTheMiddle:
            // The oldest stays open to the end, and is sold from in between.
            for number in 1..<count / 2 {
                try add(.sell, 2, lots: [(number, "2")])
                if number % (count / 2 - 1) == 0 { try add(.sell, 3) }
            }
        }
        return all
    }

    @Test(arguments: CostBasisMethod.allCases, Shape.allCases)
    func aTransactionLooksAtTheLotsItChangesHoweverManyAreOpen(method: CostBasisMethod, shape: Shape) throws {
        guard method == .specificLot || (shape != .namedFromTheNewest && shape != .namedFromTheMiddle) else {
            return
        }
        let all = try Self.history(shape, count: 2_000)
        let book = try Sample.book(method, all)
        #expect(book.open.visits <= 3 * all.count, "\(book.open.visits) looks for \(all.count) transactions")
        #expect(book.closures.count <= 2 * all.count)
    }

    /// 10,000 purchases and 10,000 splits would restate 100,000,000 lots.
    @Test(arguments: CostBasisMethod.allCases)
    func openLotsAreRestatedSoManyTimesAndNoMore(method: CostBasisMethod) throws {
        var book = LotBook(instrumentID: Sample.instrument, method: method)
        for number in 0..<10_000 {
            try book.take(try Sample.trade(number, .buy, "2000-01-01", quantity: "1", price: "10"))
        }
        var refused: LedgerFault?
        var taken = 0
        for number in 10_000..<20_000 {
            do {
                try book.take(
                    try Sample.trade(
                        number, .split, "2000-01-02", split: number % 2 == 0 ? (2, 1) : (1, 2)))
                taken += 1
            } catch let fault as LedgerFault {
                refused = fault
            }
        }
        #expect(taken == LotBook.maximumRestatements / 10_000)
        #expect(book.restatements == LotBook.maximumRestatements)
        #expect(book.closures.isEmpty)
        #expect(refused?.field == "type")
        #expect(refused?.reason.contains("more than \(LotBook.maximumRestatements) times") == true)
        #expect(book.open.visits <= 3 * 20_000 + 4 * LotBook.maximumRestatements)
        // Sales go on.
        try book.take(try Sample.trade(20_000, .sell, "2000-01-03", quantity: "2", price: "10"))
    }

    /// A thousand lots, and as many splits as just more than half of the limit takes.
    private static func halfOfTheLimit(_ instrument: Instrument.ID, first: Int) throws -> [LedgerTransaction]
    {
        let buys = try (first..<first + 1_000).map {
            try Sample.trade($0, .buy, "2000-01-01", quantity: "1", price: "10", instrument: instrument)
        }
        let splits = LotBook.maximumRestatements / 2_000 + 1
        return try buys
            + (first + 1_000..<first + 1_000 + splits).map {
                try Sample.trade(
                    $0, .split, try CalendarDay(daysSince1970: Int32(12_000 + $0)).description,
                    instrument: instrument, split: $0 % 2 == 0 ? (2, 1) : (1, 2))
            }
    }

    @Test func theLimitIsOfAllBooksOfAPortfolio() throws {
        let second = try Self.halfOfTheLimit(Instrument.ID(UUID()), first: 2_000)
        let all = try Self.halfOfTheLimit(Sample.instrument, first: 0) + second
        // Either could stand alone; together the last two splits are too many.
        let refusals = try RefusalSearch.refusals(
            of: all, among: [], method: .fifo, tracksCash: false, limit: 10, checkCancellation: {})
        #expect(refusals.map(\.fault.cause) == [.tooManyRestatements, .tooManyRestatements])
        #expect(refusals.map(\.transactionID) == second.suffix(2).map(\.id))
    }

    @Test func whatWasAcceptedIsReadHoweverOftenItRestatesLots() throws {
        let all =
            try Self.halfOfTheLimit(Sample.instrument, first: 0)
            + Self.halfOfTheLimit(Instrument.ID(UUID()), first: 2_000)
        let book = try PortfolioBook.replay(all, method: .fifo, tracksCash: false)
        #expect(book.books.values.map(\.restatements).reduce(0, +) > LotBook.maximumRestatements)
    }

    @Test(arguments: CostBasisMethod.allCases)
    func aRefusedTransactionLeavesTheBookAsItWas(method: CostBasisMethod) throws {
        let largest = "99999999999999999999"
        let first = [
            try Sample.trade(0, .buy, "2000-01-01", quantity: "20", amount: "90000000000000000000"),
            try Sample.trade(1, .buy, "2000-01-02", quantity: "3", price: "7"),
            try Sample.trade(2, .sell, "2000-01-03", quantity: "1", price: "7"),
            try Sample.trade(3, .buy, "2000-01-04", quantity: "1", price: "9", fee: "1"),
        ]
        let refused = [
            try Sample.trade(10, .sell, "2000-01-05", quantity: "23.1", price: "7"),
            try Sample.trade(11, .buy, "2000-01-05", quantity: largest, price: "0"),
            try Sample.trade(12, .buy, "2000-01-05", quantity: "1", amount: largest, fee: largest),
            // The gain leaves the range at some lot.
            try Sample.trade(13, .sell, "2000-01-05", quantity: "23", amount: "0", fee: largest),
            try Sample.trade(14, .split, "2000-01-05", split: (Int.max, 1)),
            try Sample.trade(15, .dividend, "2000-01-05", amount: "1", currency: .eur),
            try Sample.trade(16, .sell, "2000-01-05", quantity: "5", price: "1", lots: [(1, "3"), (1, "2")]),
        ]
        let last = [
            try Sample.trade(20, .sell, "2000-01-06", quantity: "3", price: "7"),
            try Sample.trade(21, .split, "2000-01-07", split: (2, 1)),
            try Sample.trade(22, .returnOfCapital, "2000-01-08", amount: "3"),
            try Sample.trade(23, .sell, "2000-01-09", quantity: "4", price: "7"),
        ]
        var (book, untouched) = (
            LotBook(instrumentID: Sample.instrument, method: method),
            LotBook(instrumentID: Sample.instrument, method: method)
        )
        #expect(throws: LedgerFault.self) { try book.take(refused[0]) }
        #expect(book == untouched)
        for transaction in first { try book.take(transaction) }
        for transaction in refused {
            #expect(throws: LedgerFault.self, "\(transaction)") { try book.take(transaction) }
        }
        #expect(throws: LedgerFault.self) { try book.take(last[1], maximumRestatements: 2) }
        for transaction in last { try book.take(transaction) }
        for transaction in first { try untouched.take(transaction) }
        for transaction in last { try untouched.take(transaction) }
        #expect(book == untouched)
    }
}
