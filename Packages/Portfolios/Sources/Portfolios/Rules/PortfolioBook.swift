import SharedTypes

/// A whole portfolio as its transactions make it: a book of lots for each instrument, cash, income and fees.
struct PortfolioBook: Sendable, Hashable {
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

    init(method: CostBasisMethod, tracksCash: Bool) {
        self.method = method
        self.tracksCash = tracksCash
    }

    /// The portfolio that these transactions make, whatever order they come in; the first that cannot stand
    /// is the fault.
    static func replay(
        _ transactions: some Sequence<LedgerTransaction>, method: CostBasisMethod, tracksCash: Bool
    ) throws(LedgerFault) -> PortfolioBook {
        var portfolio = PortfolioBook(method: method, tracksCash: tracksCash)
        var latest: [Instrument.ID: LedgerTransaction] = [:]
        for transaction in LedgerTransaction.effective(transactions) {
            try portfolio.take(transaction)
            if let instrument = transaction.instrumentID { latest[instrument] = transaction }
        }
        for (instrument, transaction) in latest { try portfolio.books[instrument]?.settle(transaction) }
        return portfolio
    }

    private mutating func take(_ transaction: LedgerTransaction) throws(LedgerFault) {
        if let instrument = transaction.instrumentID {
            // Taken out and put back, so that the lots are changed in place and not copied.
            var book = books.removeValue(forKey: instrument) ?? LotBook(instrumentID: instrument, method: method)
            try book.take(transaction)
            books[instrument] = book
        }
        if tracksCash { try moveCash(transaction) }
        record(transaction)
    }

    private mutating func moveCash(_ transaction: LedgerTransaction) throws(LedgerFault) {
        let moved = try transaction.checked { () throws(ArithmeticError) in
            try Postings.balances(of: .cash, Postings.of(transaction, tracksCash: true))
        }
        for (commodity, amount) in moved {
            guard case .currency(let currency) = commodity else { continue }
            let held = cash[currency] ?? .zero
            let left = try transaction.checked { () throws(ArithmeticError) in try held + amount }
            guard !left.isNegative else {
                throw LedgerFault(transaction, .insufficientCash(currency: currency, held: held, asked: -amount))
            }
            cash[currency] = left
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
