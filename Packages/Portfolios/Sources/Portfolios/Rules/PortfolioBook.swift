import ExactTypes
import Foundation
import SharedTypes

/// A whole portfolio as its transactions make it: a book of lots for each instrument, cash, income and fees.
struct PortfolioBook: Sendable, Equatable {
    /// Money that came or went on a day, on account of an instrument or of the portfolio as a whole.
    struct Flow: Sendable, Hashable {
        let instrumentID: Instrument.ID?
        let money: Money
        let day: CalendarDay
    }

    let method: CostBasisMethod
    let tracksCash: Bool
    private(set) var books: [Instrument.ID: LotBook] = [:]
    /// What stands in the cash account, by currency. Never negative.
    private(set) var cash: [Currency: FixedDecimal] = [:]
    /// Dividends and interest, before fees.
    private(set) var income: [Flow] = []
    /// Every fee, those in cost and proceeds included, and what was posted as a fee by itself.
    private(set) var fees: [Flow] = []
    private let maximumRestatements: Int
    /// How often splits changed an open lot of any book.
    private var restatements = 0

    /// - Parameter maximumRestatements: how often splits may change an open lot of any book.
    init(method: CostBasisMethod, tracksCash: Bool, maximumRestatements: Int = LotBook.maximumRestatements) {
        self.method = method
        self.tracksCash = tracksCash
        self.maximumRestatements = maximumRestatements
    }

    /// The portfolio that these transactions make, whatever order they come in; the first that cannot stand
    /// is the fault. Cash counts by the moment: what is sold and what is bought with it may carry the same time
    /// in any order. Lots are restated as often as they are: what was accepted once can always be read.
    ///
    /// Throws a `LedgerFault`, and what `checkCancellation` throws, which is asked at each transaction.
    static func replay(
        _ transactions: some Sequence<LedgerTransaction>, method: CostBasisMethod, tracksCash: Bool,
        checkCancellation: () throws -> Void = {}
    ) throws -> PortfolioBook {
        var portfolio = PortfolioBook(method: method, tracksCash: tracksCash, maximumRestatements: .max)
        var spends: [Currency: LedgerTransaction] = [:]
        var moment: Date?
        for transaction in LedgerTransaction.effective(transactions) {
            try checkCancellation()
            if transaction.effectiveAt != moment {
                try portfolio.requireCash(spends)
                (spends, moment) = ([:], transaction.effectiveAt)
            }
            try portfolio.take(transaction, &spends)
        }
        try portfolio.requireCash(spends)
        return portfolio
    }

    mutating func take(
        _ transaction: LedgerTransaction, _ spends: inout [Currency: LedgerTransaction]
    ) throws(LedgerFault) {
        if let instrument = transaction.instrumentID {
            // Taken out and put back, so that the lots are changed in place and not copied.
            var book =
                books.removeValue(forKey: instrument) ?? LotBook(instrumentID: instrument, method: method)
            defer { books[instrument] = book }
            let others = restatements - book.restatements
            try book.take(transaction, maximumRestatements: maximumRestatements - others)
            restatements = others + book.restatements
        }
        if tracksCash {
            for (currency, amount) in try moveCash(transaction) where amount.isNegative {
                spends[currency] = transaction
            }
        }
        record(transaction)
    }

    @discardableResult
    mutating func moveCash(_ transaction: LedgerTransaction) throws(LedgerFault) -> [Currency: FixedDecimal] {
        try transaction.checked { () throws(ArithmeticError) in
            var moved: [Currency: FixedDecimal] = [:]
            for (commodity, amount) in try Postings.balances(
                of: .cash, try Postings.postings(for: transaction, tracksCash: true))
            {
                guard case .currency(let currency) = commodity else { continue }
                cash[currency] = try (cash[currency] ?? .zero) + amount
                moved[currency] = amount
            }
            return moved
        }
    }

    /// Takes back what a transaction spent that is left out after all.
    mutating func giveBack(_ amount: FixedDecimal, in currency: Currency) throws(ArithmeticError) {
        cash[currency] = try (cash[currency] ?? .zero) + amount
    }

    /// Refuses a balance below zero at the end of a moment, by the last transaction that spent of it.
    private func requireCash(_ spends: [Currency: LedgerTransaction]) throws(LedgerFault) {
        for (currency, transaction) in spends.sorted(by: { $0.key < $1.key }) {
            guard let left = cash[currency], left.isNegative else { continue }
            throw LedgerFault(transaction, .insufficientCash(currency: currency, shortage: -left))
        }
    }

    private mutating func record(_ transaction: LedgerTransaction) {
        func flow(_ money: Money) -> Flow {
            Flow(instrumentID: transaction.instrumentID, money: money, day: transaction.day)
        }
        let gross = Money(amount: transaction.grossAmount, currency: transaction.currency)
        switch transaction.type {
        case .dividend, .interest: income.append(flow(gross))
        case .fee: fees.append(flow(gross))
        default: break
        }
        fees += transaction.fees.filter { $0.amount.isPositive }.map(flow)
    }
}
