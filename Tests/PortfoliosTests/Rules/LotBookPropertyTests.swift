import ExactTypes
import Foundation
import GroveTesting
import SharedTypes
import Testing

@testable import Portfolios

/// What holds for every sequence of transactions, tried on thousands that a seeded generator makes.
@Suite struct LotBookPropertyTests {
    @Test(arguments: CostBasisMethod.allCases)
    func nothingIsLostNothingIsBelowZeroAndAReplayGivesTheSameBook(
        method: CostBasisMethod
    ) throws {
        var generator = SeededGenerator(seed: 20_211_122)
        var (sales, exits) = (0, 0)
        for _ in 0..<800 {
            var book = LotBook(instrumentID: Sample.instrument, method: method)
            var taken: [LedgerTransaction] = []
            for number in 0..<Int.random(in: 1...24, using: &generator) {
                let next = try Self.transaction(number, after: book, &generator)
                try book.take(next)
                taken.append(next)
                try Self.expectInvariants(book, taken)
                if next.type == .sell { sales += 1 }
                if book.quantity.isZero { exits += 1 }
            }
            let replayed = try Sample.book(method, taken.shuffled(using: &generator))
            #expect(replayed == book)
        }
        // The generator reaches what the test is about.
        #expect(sales > 1_000 && exits > 100)
    }

    /// Conservation, to the last unit: what was paid is what is left and what closures took. Lots show the same but
    /// for their rounding, and exactly where no capital has come back.
    private static func expectInvariants(_ book: LotBook, _ taken: [LedgerTransaction]) throws {
        let isRounded = book.method == .average || taken.contains { $0.type == .returnOfCapital }
        var (cost, fees) = ([Transaction.ID?: FixedDecimal](), [Transaction.ID?: FixedDecimal]())
        var gain = FixedDecimal.zero
        for closure in book.closures {
            cost[closure.lot] = try (cost[closure.lot] ?? .zero) + closure.cost
            fees[closure.lot] = try (fees[closure.lot] ?? .zero) + closure.costFees
            gain = try gain + closure.realizedGain
            #expect(
                !closure.cost.isNegative && !closure.costFees.isNegative && closure.costFees <= closure.cost)
            #expect((closure.lot == nil) == (closure.kind == .returnOfCapital))
        }
        var (quantity, repaid) = (FixedDecimal.zero, FixedDecimal.zero)
        for raw in book.lots {
            let lot = try book.basis.standing(raw)
            quantity = try quantity + lot.remaining
            if lot.isRepaid { repaid = try repaid + lot.remaining }
            #expect(!lot.remaining.isNegative && lot.remaining <= lot.quantity)
            #expect(!lot.remainingFees.isNegative && lot.remainingFees <= lot.remainingCost)
            #expect(lot.remainingFees <= lot.fees && lot.remainingCost <= lot.cost && lot.fees <= lot.cost)
            #expect(lot.isOpen || lot.remainingCost.isZero)
            guard book.method == .average || !isRounded else { continue }
            #expect(try lot.cost == lot.remainingCost + (cost[lot.openedBy] ?? .zero))
            #expect(try lot.fees == lot.remainingFees + (fees[lot.openedBy] ?? .zero))
        }
        #expect(quantity == book.quantity && repaid == book.basis.repaid)
        #expect(!book.basis.fees.isNegative && book.basis.fees <= book.basis.cost)
        let shown = try book.openLots().reduce(FixedDecimal.zero) { try $0 + $1.remainingCost }
        let difference = try (shown - book.basis.cost).magnitude
        #expect(difference <= (isRounded ? try FixedDecimal("0.000000000001") : .zero))

        // What was paid in, less what came back, is what is left less what was gained.
        var (paid, received, transferred) = (FixedDecimal.zero, FixedDecimal.zero, FixedDecimal.zero)
        for transaction in taken {
            let fees = try transaction.feesOfTrade()
            switch transaction.type {
            case .buy, .transferIn, .adjustment: paid = try paid + transaction.grossAmount + fees
            case .sell: received = try received + transaction.grossAmount - fees
            case .returnOfCapital: received = try received + transaction.grossAmount
            default: break
            }
        }
        for closure in book.closures where closure.kind == .transfer {
            transferred = try transferred + closure.cost
        }
        #expect(try gain + paid == Holding(book).cost + received + transferred)
    }

    /// A transaction that the book can take.
    /// Ranges are in units of the eighth decimal; the figures have all eighteen.
    /// - Parameter isCoarse: Figures of few values, so that many lots are equal.
    static func transaction(
        _ number: Int, after book: LotBook, _ generator: inout SeededGenerator, isCoarse: Bool = false
    ) throws -> LedgerTransaction {
        func amount(_ range: ClosedRange<Int64>) throws -> String {
            guard !isCoarse else { return "\(Int.random(in: 1...3, using: &generator))" }
            let units = Int128(range.lowerBound)...Int128(range.upperBound) * 10_000_000_000
            return try FixedDecimal(units: Int128.random(in: units, using: &generator)).description
        }
        let day = try CalendarDay(daysSince1970: Int32(18_000 + number * 3)).description
        func acquisition() throws -> LedgerTransaction {
            try Sample.trade(
                number, Bool.random(using: &generator) ? .buy : .transferIn, day,
                quantity: try amount(1...9_000_000_000), price: try amount(0...90_000_000_000),
                fee: Bool.random(using: &generator) ? try amount(0...500_000_000) : nil)
        }
        guard book.quantity.isPositive else { return try acquisition() }
        switch Int.random(in: 0..<12, using: &generator) {
        case 0...3:
            return try acquisition()
        case 4...7:
            let isExit = Int.random(in: 0..<4, using: &generator) == 0
            let units =
                isExit ? book.quantity.units : Int128.random(in: 1...book.quantity.units, using: &generator)
            return try Sample.trade(
                number, .sell, day, quantity: try FixedDecimal(units: units).description,
                price: try amount(0...90_000_000_000), fee: try amount(0...500_000_000),
                lots: book.method == .specificLot ? try lots(of: book, units) : [])
        case 8:
            let units = Int128.random(in: 1...book.quantity.units, using: &generator)
            return try Sample.trade(
                number, .transferOut, day, quantity: try FixedDecimal(units: units).description)
        case 9:
            let sides = Int.random(in: 1...5, using: &generator)
            return try Sample.trade(
                number, .split, day, split: (sides, Int.random(in: 1...5, using: &generator)))
        case 10:
            return try Sample.trade(number, .returnOfCapital, day, amount: try amount(1...90_000_000_000))
        default:
            return try Sample.trade(number, .adjustment, day, quantity: try amount(1...500_000_000))
        }
    }

    /// Lots for a sale, the newest first, which none of the other methods with fees and gifts would always take.
    private static func lots(of book: LotBook, _ units: Int128) throws -> [(Int, String)] {
        var (missing, lots) = (units, [(Int, String)]())
        for lot in book.lots.reversed() where lot.isOpen && missing > 0 {
            let taken = min(missing, lot.remaining.units)
            let bytes = lot.openedBy.uuid.uuid
            lots.append((Int(bytes.14) << 8 | Int(bytes.15), try FixedDecimal(units: taken).description))
            missing -= taken
        }
        return lots
    }

    @Test func anAmountIsApportionedExactlyAndWithoutANegativePart() throws {
        var generator = SeededGenerator(seed: 7)
        for _ in 0..<5_000 {
            let whole = try FixedDecimal(units: Int128.random(in: 0...1_000, using: &generator))
            let weights = try (0..<Int.random(in: 1...40, using: &generator)).map { _ in
                try FixedDecimal(units: Int128.random(in: 1...3, using: &generator))
            }
            let parts = try whole.apportioned(over: weights)
            #expect(parts.allSatisfy { !$0.isNegative })
            #expect(parts.reduce(0) { $0 + $1.units } == whole.units)
        }
    }
}
