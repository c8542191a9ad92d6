import ExactTypes
import Foundation
import SharedTypes
import Testing

@testable import Portfolios

@Suite struct LedgerPostingTests {
    private func lines(_ transaction: LedgerTransaction, cash: Bool) throws -> [String] {
        try Postings.postings(for: transaction, tracksCash: cash).map { posting in
            let commodity =
                switch posting.commodity {
                case .currency(let currency): currency.code
                case .instrument: "units"
                }
            return "\(posting.from.rawValue)→\(posting.to.rawValue) \(posting.amount) \(commodity)"
        }
    }

    @Test(arguments: [
        (TransactionType.buy, ["cash→external 30.1 USD", "external→asset 3 units", "cash→fee 1 USD"]),
        (.sell, ["asset→external 3 units", "external→cash 30.1 USD", "cash→fee 1 USD"]),
        (.dividend, ["income→cash 30.1 USD", "cash→fee 1 USD"]),
        (.interest, ["income→cash 30.1 USD", "cash→fee 1 USD"]),
        (.fee, ["cash→fee 30.1 USD", "cash→fee 1 USD"]),
        (.deposit, ["external→cash 30.1 USD", "cash→fee 1 USD"]),
        (.withdrawal, ["cash→external 30.1 USD", "cash→fee 1 USD"]),
        (.transferIn, ["external→asset 3 units", "cash→fee 1 USD"]),
        (.transferOut, ["asset→external 3 units", "cash→fee 1 USD"]),
        (.returnOfCapital, ["external→cash 30.1 USD", "cash→fee 1 USD"]),
        (.adjustment, ["opening→asset 3 units", "cash→fee 1 USD"]),
        (.split, ["cash→fee 1 USD"]),
    ])
    func whatMovesWhereCashIsTracked(type: TransactionType, expected: [String]) throws {
        // 30.0999 settles as 30.10.
        let transaction = try Sample.trade(1, type, "2021-01-01", quantity: "3", amount: "30.0999", fee: "1")
        #expect(try lines(transaction, cash: true) == expected)
    }

    @Test(arguments: [
        (TransactionType.buy, ["external→asset 3 units", "external→fee 1 USD"]),
        (.sell, ["asset→external 3 units", "external→fee 1 USD"]),
        (.dividend, ["income→external 30.0999 USD", "external→fee 1 USD"]),
        (.fee, ["external→fee 30.0999 USD", "external→fee 1 USD"]),
    ])
    func whatMovesWhereCashIsNotTracked(type: TransactionType, expected: [String]) throws {
        let transaction = try Sample.trade(1, type, "2021-01-01", quantity: "3", amount: "30.0999", fee: "1")
        #expect(try lines(transaction, cash: false) == expected)
    }

    @Test func anAccountAndItsOppositeSideSumToZeroForEveryCommodity() throws {
        for type in TransactionType.allCases {
            let transaction = try Sample.trade(1, type, "2021-01-01", quantity: "3", amount: "30.1", fee: "1")
            let postings = try Postings.postings(for: transaction, tracksCash: true)
            var sums: [Commodity: Int128] = [:]
            for account in PostingAccount.allCases {
                for (commodity, amount) in try Postings.balances(of: account, postings) {
                    sums[commodity, default: 0] += amount.units
                }
            }
            #expect(sums.values.allSatisfy { $0 == 0 })
            let both = postings + postings.map(\.reversed)
            for account in PostingAccount.allCases {
                #expect(try Postings.balances(of: account, both).values.allSatisfy(\.isZero))
            }
        }
    }

    @Test func aSplitIsSettledWithTheOpeningAccount() throws {
        let more = Postings.settling(FixedDecimal(10), of: Sample.instrument)
        #expect(more?.from == .opening && more?.to == .asset && more?.amount == FixedDecimal(10))
        let less = Postings.settling(-FixedDecimal(9), of: Sample.instrument)
        #expect(less?.from == .asset && less?.to == .opening && less?.amount == FixedDecimal(9))
        #expect(Postings.settling(.zero, of: Sample.instrument) == nil)
    }
}
