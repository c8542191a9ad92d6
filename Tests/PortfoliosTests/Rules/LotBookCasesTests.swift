import ExactTypes
import Foundation
import SharedTypes
import Testing

@testable import Portfolios

/// Figures of other projects' own tests (figures only), each with its source, from the project's case files.
@Suite struct LotBookCasesTests {
    /// beancount/beancount, beancount/parser/booking_full_test.py,
    /// test_ambiguous__FIFO__test_partial_match_against_first_three_lots (cb-01) and its LIFO twin (cb-03).
    @Test(arguments: [
        (
            CostBasisMethod.fifo,
            [("2015-10-01", "4", "400"), ("2015-10-02", "5", "555.55"), ("2015-10-03", "3", "366.66")],
            ("2015-10-03", "3", "366.66")
        ),
        (
            .lifo,
            [("2015-10-03", "6", "733.32"), ("2015-10-02", "5", "555.55"), ("2015-10-01", "1", "100")],
            ("2015-10-01", "3", "300")
        ),
    ])
    func aSaleOverThreeLotsFifoAndLifo(
        method: CostBasisMethod, closed: [(String, String, String)], left: (String, String, String)
    ) throws {
        let book = try Sample.book(
            method,
            [
                try Sample.trade(1, .buy, "2015-10-02", quantity: "5", price: "111.11"),
                try Sample.trade(2, .buy, "2015-10-01", quantity: "4", price: "100.00"),
                try Sample.trade(3, .buy, "2015-10-03", quantity: "6", price: "122.22"),
                try Sample.trade(4, .sell, "2015-10-10", quantity: "12", price: "130"),
            ])
        #expect(
            book.closures.compactMap(\.openedAt).map { CalendarDay(utc: $0).description } == closed.map(\.0))
        #expect(book.closures.map(\.quantity.description) == closed.map(\.1))
        #expect(book.closures.map(\.cost.description) == closed.map(\.2))
        let open = book.lots.filter(\.isOpen)
        #expect(
            open.map { [$0.day.description, $0.remaining.description, $0.remainingCost.description] }
                == [[left.0, left.1, left.2]])
    }

    /// beancount/beancount, beancount/parser/booking_full_test.py, test_reduce__multiple_reductions_hifo (cb-05).
    @Test func severalSalesTakeTheDearestLotsFirst() throws {
        let book = try Sample.book(
            .hifo,
            [
                try Sample.trade(1, .buy, "2016-01-15", quantity: "50", price: "115.00"),
                try Sample.trade(2, .buy, "2016-01-16", quantity: "50", price: "116.00"),
                try Sample.trade(3, .buy, "2016-01-17", quantity: "50", price: "114.00"),
                try Sample.trade(4, .sell, "2016-05-02", quantity: "40", price: "120"),
                try Sample.trade(5, .sell, "2016-05-02", quantity: "35", price: "120"),
                try Sample.trade(6, .sell, "2016-05-02", quantity: "30", price: "120"),
            ])
        let consumed = try book.closures.map { [$0.quantity, try $0.cost.divided(by: $0.quantity)] }
        #expect(
            consumed.map { $0.map(\.description) }
                == [["40", "116"], ["10", "116"], ["25", "115"], ["25", "115"], ["5", "114"]])
        let open = book.lots.filter(\.isOpen)
        #expect(open.map { [$0.remaining.description, $0.remainingCost.description] } == [["45", "5130"]])
        #expect(open.map(\.day.description) == ["2016-01-17"])
    }

    /// buchen/portfolio, name.abuchen.portfolio.tests/src/name/abuchen/portfolio/snapshot/security/
    /// CostCalculationTest.java, testFifoBuySellTransactions2 (cb-06). The source rounds to cents.
    @Test(arguments: [(CostBasisMethod.fifo, "4400.74"), (.average, "4383.74")])
    func theCostLeftAfterAPartialSale(method: CostBasisMethod, cost: String) throws {
        let book = try Sample.book(
            method,
            [
                try Sample.trade(1, .buy, "2010-01-01", quantity: "109", amount: "3149.20"),
                try Sample.trade(2, .buy, "2010-02-01", quantity: "52", amount: "1684.92"),
                try Sample.trade(3, .sell, "2010-03-01", quantity: "15", amount: "531.50"),
            ])
        #expect(try Holding(book).cost.rounded(toDecimals: 2).description == cost)
    }

    /// rotki/rotki, rotkehlchen/tests/unit/test_cost_basis.py, test_accounting_average_cost_basis (cb-09).
    @Test func theMovingAverageStepByStep() throws {
        let steps:
            [(TransactionType, quantity: String, price: String, gain: String?, cost: String, left: String)] =
                [
                    (.buy, "2", "10", nil, "20", "2"), (.sell, "1", "15", "5", "10", "1"),
                    (.buy, "1", "30", nil, "40", "2"), (.sell, "1.5", "10", "-15", "10", "0.5"),
                    (.buy, "3", "20", nil, "70", "3.5"), (.sell, "2", "30", "20", "30", "1.5"),
                    (.sell, "1.5", "10", "-15", "0", "0"), (.buy, "1", "10", nil, "10", "1"),
                    (.sell, "0.5", "5", "-2.5", "5", "0.5"),
                ]
        var book = LotBook(instrumentID: Sample.instrument, method: .average)
        for (number, step) in steps.enumerated() {
            let before = try Holding(book).realizedGain
            try book.take(
                try Sample.trade(
                    number, step.0, "2020-01-0\(number + 1)", quantity: step.quantity, price: step.price))
            let holding = try Holding(book)
            #expect([holding.cost.description, holding.quantity.description] == [step.cost, step.left])
            #expect(try holding.realizedGain - before == FixedDecimal(step.gain ?? "0"))
        }
    }

    /// ghostfolio/ghostfolio, apps/api/src/app/portfolio/calculator/roai/portfolio-calculator-stock-split.spec.ts
    /// (cb-12). Quantities are rounded to 18 decimals, so two thirds of ten are a bit too many, and a unit costs as much less
    /// than 150 as 1,000 / 6.666666666666666667 says: 149.99999999999999999250….
    @Test(
        arguments: [
            (splits: [("2021-01-01", 2, 1)], sale: nil, figures: ["20", "50", "1000"]),
            ([("2021-01-01", 1, 10)], nil, ["1", "1000", "1000"]),
            ([("2020-06-01", 2, 1)], "5", ["15", "50", "750"]),
            (
                [("2021-01-01", 2, 1), ("2022-01-01", 1, 3)], nil,
                ["6.666666666666666667", "149.999999999999999993", "1000"]
            ),
            ([("2020-06-01", 2, 1)], "20", ["0", "0", "0"]),
        ] as [(splits: [(String, Int, Int)], sale: String?, figures: [String])])
    func splitsReverseAndChained(
        splits: [(String, Int, Int)], sale: String?, figures: [String]
    ) throws {
        var all = [try Sample.trade(1, .buy, "2020-01-01", quantity: "10", price: "100")]
        for (number, split) in splits.enumerated() {
            all.append(try Sample.trade(10 + number, .split, split.0, split: (split.1, split.2)))
        }
        if let sale { all.append(try Sample.trade(20, .sell, "2021-01-01", quantity: sale, price: "60")) }
        for method in CostBasisMethod.allCases {
            let holding = try Holding(try Sample.book(method, all))
            #expect(
                [holding.quantity, holding.averagePrice, holding.investment].map(\.description) == figures)
        }
    }
}
