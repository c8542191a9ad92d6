import ExactTypes
import Foundation
import SharedTypes
import Testing

@testable import Portfolios

@Suite struct PortfolioBookTests {
    @Test func cashFollowsItsPostingsByCurrency() throws {
        let book = try PortfolioBook.replay(
            [
                try Sample.trade(1, .deposit, "2021-01-01", amount: "1000", instrument: nil),
                try Sample.trade(2, .buy, "2021-01-02", quantity: "3", price: "33.333333", fee: "1"),
                try Sample.trade(3, .dividend, "2021-02-01", amount: "4.5"),
                try Sample.trade(4, .fee, "2021-02-02", amount: "0.5", instrument: nil),
            ], method: .fifo, tracksCash: true)
        // 99.999999 settles as 100.00; the basis keeps what was traded.
        #expect(book.cash == [.usd: FixedDecimal(903)])
        #expect(book.income.map(\.money.amount.description) == ["4.5"])
        #expect(book.fees.map(\.money.amount.description) == ["1", "0.5"])
        #expect(try Holding(#require(book.books[Sample.instrument])).investment.description == "99.999999")
    }

    @Test func aBuyWithoutCashIsRefusedOnItsOwnDay() throws {
        let fault = #expect(throws: LedgerFault.self) {
            try PortfolioBook.replay(
                [
                    try Sample.trade(1, .deposit, "2021-01-03", amount: "1000", instrument: nil),
                    try Sample.trade(2, .buy, "2021-01-02", quantity: "3", price: "30", fee: "1"),
                ], method: .fifo, tracksCash: true)
        }
        #expect(fault?.cause == .insufficientCash(currency: .usd, shortage: FixedDecimal(91)))
    }

    @Test func ofOneMomentWhatWasSoldPaysForWhatWasBought() throws {
        let other = Instrument.ID(UUID())
        let all = [
            try Sample.trade(1, .transferIn, "2021-01-01", quantity: "3", price: "30"),
            try Sample.trade(2, .buy, "2021-01-02", quantity: "1", price: "99", instrument: other),
            try Sample.trade(3, .sell, "2021-01-02", quantity: "3", price: "33"),
        ]
        #expect(try PortfolioBook.replay(all, method: .fifo, tracksCash: true).cash == [.usd: .zero])
        let late = try Sample.trade(4, .withdrawal, "2021-01-03", amount: "0.01", instrument: nil)
        let fault = #expect(throws: LedgerFault.self) {
            try PortfolioBook.replay(all + [late], method: .fifo, tracksCash: true)
        }
        #expect(fault?.transactionID == late.id)
    }

    @Test func withoutCashABuySettlesOutside() throws {
        let book = try PortfolioBook.replay(
            [try Sample.trade(2, .buy, "2021-01-02", quantity: "3", price: "30", fee: "1")],
            method: .fifo, tracksCash: false)
        #expect(book.cash.isEmpty)
        #expect(book.fees.map(\.money.amount) == [FixedDecimal(1)])
    }

    @Test func theAverageIsSpreadWhereLotsAreShown() throws {
        let all = [
            try Sample.trade(1, .buy, "2021-01-01", quantity: "1", price: "10"),
            try Sample.trade(2, .buy, "2021-01-02", quantity: "1", price: "20"),
        ]
        let portfolio = try PortfolioBook.replay(all, method: .average, tracksCash: false)
        #expect(portfolio.books[Sample.instrument] == (try Sample.book(.average, all)))
        let lots = try portfolio.books[Sample.instrument]?.openLots()
        #expect(lots?.map(\.remainingCost) == [FixedDecimal(15), FixedDecimal(15)])
    }

    @Test(
        arguments: [
            (TransactionType.buy, "2", nil, nil, true, "unit_price"),
            (.buy, nil, "3", nil, true, "quantity"),
            (.buy, "0", "3", nil, true, "quantity"),
            (.deposit, nil, nil, "5", true, "instrument_id"),
            (.dividend, nil, nil, nil, true, "amount"),
            (.dividend, nil, nil, "5", false, "instrument_id"),
            (.split, nil, nil, nil, true, "split_to"),
            (.interest, nil, nil, "-1", false, "amount"),
            (.deposit, nil, nil, "5", false, "type"),
        ] as [(TransactionType, String?, String?, String?, Bool, String)])
    func aTransactionWithoutWhatItsTypeNeedsIsRefused(
        type: TransactionType, quantity: String?, price: String?, amount: String?, hasInstrument: Bool,
        field: String
    ) throws {
        let transaction = try Sample.trade(
            1, type, "2021-01-01", quantity: quantity, price: price, amount: amount,
            instrument: hasInstrument ? Sample.instrument : nil)
        let fault = #expect(throws: LedgerFault.self) { try transaction.validate(tracksCash: false) }
        #expect(fault?.field == field)
    }

    @Test func aReplayEndsWhereNobodyWaitsForIt() throws {
        let all = try (1...9).map { try Sample.trade($0, .buy, "2021-01-0\($0)", quantity: "1", price: "10") }
        var asked = 0
        #expect(throws: CancellationError.self) {
            try PortfolioBook.replay(all, method: .fifo, tracksCash: false) {
                asked += 1
                if asked == 3 { throw CancellationError() }
            }
        }
        #expect(asked == 3)
    }
}
