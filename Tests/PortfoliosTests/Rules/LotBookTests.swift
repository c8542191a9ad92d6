import ExactTypes
import Foundation
import SharedTypes
import Testing

@testable import Portfolios

@Suite struct LotBookTests {
    @Test func whatIsTradedOnTheDayOfASplitIsTradedAtTheNewRatio() throws {
        let book = try Sample.book(
            .fifo,
            [
                try Sample.trade(1, .buy, "2020-08-31", quantity: "3", price: "125"),
                try Sample.trade(2, .buy, "2020-08-30", hour: 23.9, quantity: "1", price: "500"),
                // Written at noon and with a later id, yet it counts from the start of its day.
                try Sample.trade(3, .split, "2020-08-31", hour: 12, split: (4, 1)),
            ])
        #expect(book.quantity == FixedDecimal(7))
        #expect(book.lots.map(\.quantity) == [FixedDecimal(4), FixedDecimal(3)])
        #expect(book.lastTrade?.amount == FixedDecimal(125))
    }

    @Test func ofOneMomentWhatComesInCountsBeforeWhatGoesOut() throws {
        let book = try Sample.book(
            .fifo,
            [
                try Sample.trade(1, .sell, "2020-08-30", quantity: "1", price: "500"),
                try Sample.trade(2, .buy, "2020-08-30", quantity: "1", price: "500"),
            ])
        #expect(book.quantity.isZero)
    }

    @Test(arguments: CostBasisMethod.allCases)
    func aBookGoesOnFromItsOpenLots(method: CostBasisMethod) throws {
        var whole = try Sample.book(
            method,
            [
                try Sample.trade(1, .buy, "2020-01-01", quantity: "1", price: "500"),
                try Sample.trade(2, .buy, "2020-01-02", quantity: "3", price: "400", fee: "1"),
                try Sample.trade(3, .sell, "2020-01-03", quantity: "2", price: "600"),
            ])
        var continued = LotBook(
            instrumentID: Sample.instrument, method: method, currency: .usd, basis: whole.basis,
            openLots: whole.lots.filter(\.isOpen))
        let before = whole.closures.count
        for next in [
            try Sample.trade(4, .buy, "2020-01-04", quantity: "1", price: "100"),
            try Sample.trade(5, .sell, "2020-01-05", quantity: "2.5", price: "600"),
        ] {
            try whole.take(next)
            try continued.take(next)
        }
        #expect(continued.lots.filter(\.isOpen) == whole.lots.filter(\.isOpen))
        #expect(continued.closures == Array(whole.closures[before...]))
        #expect(continued.basis == whole.basis)
    }

    @Test func thePriceOfTheLastTradeIsRestatedForALaterSplit() throws {
        let book = try Sample.book(
            .fifo,
            [
                try Sample.trade(1, .buy, "2020-01-01", quantity: "1", price: "500"),
                try Sample.trade(2, .split, "2020-08-31", split: (4, 1)),
            ])
        #expect(book.lastTrade?.amount == FixedDecimal(125))
    }

    @Test func feesArePartOfCostOnABuyAndOfProceedsOnASale() throws {
        let book = try Sample.book(
            .fifo,
            [
                try Sample.trade(1, .buy, "2021-01-04", quantity: "10", price: "10", fee: "2"),
                try Sample.trade(2, .sell, "2021-02-01", quantity: "4", price: "15", fee: "1"),
            ])
        let holding = try Holding(book)
        #expect(holding.cost == (try FixedDecimal("61.2")))
        #expect(holding.fees == (try FixedDecimal("1.2")))
        #expect(holding.investment == FixedDecimal(60))
        // 60 − 1 − 40.8 after fees; 60 − 40 without any.
        #expect(holding.realizedGain == (try FixedDecimal("18.2")))
        #expect(holding.grossRealizedGain == FixedDecimal(20))
    }

    @Test func thirdsLeaveNoDust() throws {
        let book = try Sample.book(
            .fifo,
            [
                try Sample.trade(1, .buy, "2021-01-04", quantity: "3", amount: "100", fee: "0.01"),
                try Sample.trade(2, .sell, "2021-02-01", quantity: "1", price: "40"),
                try Sample.trade(3, .sell, "2021-02-02", quantity: "1", price: "40"),
                try Sample.trade(4, .sell, "2021-02-03", quantity: "1", price: "40"),
            ])
        #expect(
            book.closures.map(\.cost.description) == [
                "33.336666666666666667", "33.336666666666666666", "33.336666666666666667",
            ])
        #expect(try Holding(book).cost.isZero)
        #expect(try Holding(book).fees.isZero)
        #expect(try Holding(book).realizedGain == FixedDecimal("19.99"))
    }

    @Test func afterAFullExitTheNextBuyStartsANewBasis() throws {
        for method in CostBasisMethod.allCases {
            let book = try Sample.book(
                method,
                [
                    try Sample.trade(1, .buy, "2021-01-04", quantity: "10", price: "10"),
                    try Sample.trade(2, .sell, "2021-02-01", quantity: "10", price: "15"),
                    try Sample.trade(3, .buy, "2021-03-01", quantity: "2", price: "50"),
                ])
            #expect(try Holding(book).averagePrice == FixedDecimal(50))
        }
    }

    @Test func returnedCapitalLowersTheBasisOfEachLotAndBeyondItIsGain() throws {
        let book = try Sample.book(
            .fifo,
            [
                try Sample.trade(1, .buy, "2021-01-04", quantity: "10", price: "1"),
                try Sample.trade(2, .buy, "2021-01-05", quantity: "10", price: "9"),
                try Sample.trade(3, .returnOfCapital, "2021-02-01", amount: "40"),
            ])
        #expect(try book.openLots().map(\.remainingCost) == [.zero, FixedDecimal(70)])
        #expect(try Holding(book).realizedGain == FixedDecimal(10))
        #expect(book.closures.map(\.quantity) == [.zero])
        #expect(book.closures.map(\.cost) == [FixedDecimal(30)])
    }

    /// Repaid lots go by their age and after all others, whatever they cost once.
    @Test func theDearestFirstGoesByWhatAUnitCostWhenItWasBought() throws {
        let all = [
            try Sample.trade(1, .buy, "2021-01-01", quantity: "1", price: "2"),
            try Sample.trade(2, .buy, "2021-01-02", quantity: "1", price: "3"),
            try Sample.trade(3, .buy, "2021-01-03", quantity: "1", price: "20"),
            try Sample.trade(4, .returnOfCapital, "2021-01-04", amount: "12"),
            // Cheaper than the third was, dearer than it is now.
            try Sample.trade(5, .buy, "2021-01-05", quantity: "1", price: "17"),
            try Sample.trade(6, .split, "2021-01-06", split: (2, 1)),
            try Sample.trade(7, .sell, "2021-01-07", quantity: "7", price: "10"),
        ]
        let book = try Sample.book(.hifo, all)
        let sales = book.closures.filter { $0.kind == .sale }
        #expect(sales.map(\.lot) == [5, 3, 1, 2].map(Sample.transactionID))
        #expect(sales.map(\.cost.description) == ["17", "16", "0", "0"])
        // Three units of four each: twelve less what two lots had cost.
        #expect(book.closures.first?.realizedGain == FixedDecimal(3))
    }

    @Test func capitalThatDoesNotDivideIsNotLost() throws {
        var all = [try Sample.trade(1, .buy, "2021-01-01", quantity: "3", price: "10", fee: "1")]
        for number in 2...4 {
            all.append(try Sample.trade(number, .returnOfCapital, "2021-02-0\(number)", amount: "10"))
        }
        for method in CostBasisMethod.allCases {
            let holding = try Holding(try Sample.book(method, all))
            #expect(
                [holding.cost, holding.fees, holding.realizedGain] == [
                    FixedDecimal(1), FixedDecimal(1), .zero,
                ])
            let sale = try Sample.trade(9, .sell, "2021-03-01", quantity: "3", price: "1")
            #expect(try Holding(try Sample.book(method, all + [sale])).realizedGain == FixedDecimal(2))
        }
    }

    @Test func capitalCannotComeBackOnNothing() throws {
        let fault = #expect(throws: LedgerFault.self) {
            try Sample.book(.fifo, [try Sample.trade(1, .returnOfCapital, "2021-02-01", amount: "40")])
        }
        #expect(fault?.cause == .nothingHeld)
    }

    @Test func bonusSharesComeWithoutCostAndATransferLeavesAtCost() throws {
        let book = try Sample.book(
            .average,
            [
                try Sample.trade(1, .transferIn, "2021-01-04", quantity: "10", price: "12"),
                try Sample.trade(2, .adjustment, "2021-01-05", quantity: "2"),
                try Sample.trade(3, .transferOut, "2021-02-01", quantity: "6"),
            ])
        let holding = try Holding(book)
        #expect(
            [holding.quantity, holding.cost, holding.realizedGain] == [
                FixedDecimal(6), FixedDecimal(60), .zero,
            ])
    }

    @Test func sellingMoreThanIsHeldTellsTheShortageAndTheDay() throws {
        let fault = #expect(throws: LedgerFault.self) {
            try Sample.book(
                .fifo,
                [
                    try Sample.trade(1, .buy, "2021-03-01", quantity: "5", price: "10"),
                    try Sample.trade(2, .sell, "2021-02-01", quantity: "1.5", price: "10"),
                ])
        }
        #expect(fault?.transactionID == Sample.transactionID(2))
        #expect(fault?.shortage == (try FixedDecimal("1.5")))
        #expect(fault?.day == (try CalendarDay(parsing: "2021-02-01")))
        #expect(fault?.field == "quantity")
    }

    @Test func anInstrumentHasOneCurrency() throws {
        let fault = #expect(throws: LedgerFault.self) {
            try Sample.book(
                .fifo,
                [
                    try Sample.trade(1, .buy, "2021-01-01", quantity: "5", price: "10"),
                    try Sample.trade(2, .dividend, "2021-02-01", amount: "1", currency: .chf),
                ])
        }
        #expect(fault?.cause == .otherCurrency(held: .usd, found: .chf))
    }

    @Test func aSaleClosesTheLotsThatItNames() throws {
        let buys = [
            try Sample.trade(1, .buy, "2021-01-01", quantity: "5", price: "10"),
            try Sample.trade(2, .buy, "2021-01-02", quantity: "5", price: "20"),
        ]
        let sale = try Sample.trade(
            3, .sell, "2021-02-01", quantity: "6", price: "30", lots: [(2, "5"), (1, "1")])
        let book = try Sample.book(.specificLot, buys + [sale])
        #expect(book.closures.map(\.cost) == [FixedDecimal(100), FixedDecimal(10)])
        // Who names none sells the oldest.
        let unnamed = try Sample.trade(3, .sell, "2021-02-01", quantity: "6", price: "30")
        #expect(
            try Sample.book(.specificLot, buys + [unnamed]).closures.map(\.cost) == [
                FixedDecimal(50), FixedDecimal(20),
            ])
    }

    @Test(arguments: [
        [(2, "5")], [(2, "6")], [(9, "6")], [(1, "3"), (1, "3")], [(1, "0"), (2, "6")],
    ])
    func lotsThatDoNotFitAreRefused(lots: [(Int, String)]) throws {
        let fault = #expect(throws: LedgerFault.self) {
            try Sample.book(
                .specificLot,
                [
                    try Sample.trade(1, .buy, "2021-01-01", quantity: "5", price: "10"),
                    try Sample.trade(2, .buy, "2021-01-02", quantity: "5", price: "20"),
                    try Sample.trade(3, .sell, "2021-02-01", quantity: "6", price: "30", lots: lots),
                ])
        }
        #expect(fault?.field == "lots")
    }

    @Test func aReversalLeavesTogetherWithWhatItReverses() throws {
        let book = try Sample.book(
            .fifo,
            [
                try Sample.trade(1, .buy, "2021-01-01", quantity: "5", price: "10"),
                try Sample.trade(2, .sell, "2021-01-02", quantity: "5", price: "20"),
                try Sample.trade(3, .sell, "2021-01-02", quantity: "5", price: "20", reverses: 2),
            ])
        #expect(book.quantity == FixedDecimal(5))
        #expect(book.closures.isEmpty)
    }

    @Test func aSplitThatLeavesLessThanTheSmallestQuantityClosesTheLot() throws {
        let book = try Sample.book(
            .fifo,
            [
                try Sample.trade(1, .buy, "2021-01-01", quantity: "0.000000000000000004", amount: "8"),
                try Sample.trade(2, .split, "2021-02-01", split: (1, 10)),
            ])
        let holding = try Holding(book)
        #expect([holding.quantity, holding.cost, holding.realizedGain] == [.zero, .zero, -FixedDecimal(8)])
    }
}
