import ExactTypes
import SharedTypes

/// What a portfolio is worth on a day, and what it gained, in its own currencies and in the one asked for.
///
/// Figures in the asked currency are at the rate of the day, so that they show the market alone; what the
/// currencies did is apart, where the rates of every day on which money moved are known.
struct Valuation: Sendable, Hashable {
    /// Why a holding has no value in the asked currency. It is named in the answer, never left out of it.
    enum Gap: String, Sendable, Hashable, Codable {
        case noPrice = "no_price"
        case noExchangeRate = "no_exchange_rate"
        case outOfRange = "out_of_range"
    }

    /// One holding, one that was sold included: its gains and fees are part of the whole.
    struct Line: Sendable, Hashable {
        let instrumentID: Instrument.ID
        let currency: Currency
        let quantity: Quantity
        /// What a unit cost without fees.
        let averagePrice: FixedDecimal
        /// Nil where nothing is held, or no price is known.
        let price: HoldingPrice?
        /// In the holding's own currency; nil without a price.
        let own: ValuationFigures?
        /// In the asked currency at the rate of the day; nil where there is a gap.
        let converted: ValuationFigures?
        /// The rate from the own to the asked currency.
        let rate: ExchangeRateTable.Quote?
        /// Nil where a rate of some day is unknown.
        let currencyEffect: CurrencyEffect?
        let gap: Gap?
    }

    /// Money in the cash account.
    struct CashLine: Sendable, Hashable {
        let money: Money
        /// In the asked currency; nil where no rate is known.
        let converted: FixedDecimal?
    }

    let day: CalendarDay
    let currency: Currency
    let lines: [Line]
    let cash: [CashLine]
    /// What is known of the whole, in the asked currency: the sum of the lines without a gap, and of what
    /// belongs to no instrument.
    let total: ValuationFigures
    let totalCash: FixedDecimal
    let currencyEffect: CurrencyEffect?
    /// Whether nothing is missing from the total, and no price in it is in doubt.
    let isComplete: Bool

    /// Values a portfolio; throws `ArithmeticError.overflow` where the total leaves twenty digits before the point, and
    /// what `checkCancellation` throws, which is asked at each holding.
    init(
        of portfolio: PortfolioBook, prices: [Instrument.ID: MarketPrices], rates: ExchangeRateTable,
        in currency: Currency, on day: CalendarDay, checkCancellation: () throws -> Void = {}
    ) throws {
        let view = ValuationView(portfolio: portfolio, rates: rates, currency: currency, day: day)
        var (total, totalCash) = (ValuationFigures.zero, FixedDecimal.zero)
        var effect: CurrencyEffect? = .zero
        var isComplete = true
        var lines: [Line] = []
        for book in portfolio.books.values.sorted(by: { $0.instrumentID < $1.instrumentID }) {
            try checkCancellation()
            guard let line = view.line(of: book, prices[book.instrumentID] ?? MarketPrices()) else {
                continue
            }
            lines.append(line)
            if let figures = line.converted { total = try total + figures } else { isComplete = false }
            if line.price?.doubt != nil { isComplete = false }
            effect = try CurrencyEffect.sum(effect, line.currencyEffect)
        }
        if let (figures, effectOfRest) = try view.rest() {
            total = try total + figures
            effect = try CurrencyEffect.sum(effect, effectOfRest)
        } else {
            (isComplete, effect) = (false, nil)
        }
        cash = try portfolio.cash.filter { !$0.value.isZero }.sorted { $0.key < $1.key }
            .map { currency, amount throws(ArithmeticError) in
                let money = Money(amount: amount, currency: currency)
                return CashLine(money: money, converted: try view.convert(money, on: day))
            }
        for line in cash {
            guard let amount = line.converted else {
                isComplete = false
                continue
            }
            totalCash = try totalCash + amount
        }
        self.day = day
        self.currency = currency
        self.lines = lines
        self.total = total
        self.totalCash = totalCash
        self.isComplete = isComplete
        currencyEffect = isComplete ? effect : nil
    }
}
