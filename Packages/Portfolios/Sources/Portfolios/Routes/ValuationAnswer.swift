import ExactTypes
import SharedTypes

/// A valuation as the contract shows it.
struct ValuationAnswer: Encodable {
    let portfolioID: Portfolio.ID
    let day: CalendarDay
    let currency: Currency
    /// False where something has no price or no rate, and so is not in the total.
    let complete: Bool
    let total: Total
    let holdings: [Line]
    let cash: [CashLine]

    /// The whole, in the asked currency.
    struct Total: Encodable {
        /// Holdings and cash together.
        let value: FixedDecimal
        let cash: FixedDecimal
        let figures: Figures
        let currencyEffect: Effect?
    }

    /// One holding.
    struct Line: Encodable {
        let instrumentID: Instrument.ID
        let symbol: String
        let name: String
        let currency: Currency
        let quantity: Quantity
        let averagePrice: FixedDecimal
        let price: Price?
        /// In the holding's own currency.
        let own: Figures?
        /// In the asked currency.
        let converted: Figures?
        let exchangeRate: Rate?
        let currencyEffect: Effect?
        let unavailable: Valuation.Gap?
    }

    struct Price: Encodable {
        let amount: FixedDecimal
        let currency: Currency
        let asOf: CalendarDay
        let source: HoldingPrice.Source
        let stale: Bool
    }

    struct Rate: Encodable {
        let rate: ExchangeRate
        let asOf: CalendarDay
        let path: [String]
    }

    struct CashLine: Encodable {
        let currency: Currency
        let amount: FixedDecimal
        let converted: FixedDecimal?
    }

    struct Figures: Encodable {
        let value: FixedDecimal
        let investment: FixedDecimal
        let costBasis: FixedDecimal
        let unrealizedGain: FixedDecimal
        let realizedGain: FixedDecimal
        let fees: FixedDecimal
        let income: FixedDecimal
        let grossPerformance: FixedDecimal
        let netPerformance: FixedDecimal
    }

    /// Every amount at the rate of its own day.
    struct Effect: Encodable {
        let investment: FixedDecimal
        let fees: FixedDecimal
        let income: FixedDecimal
        let grossPerformance: FixedDecimal
        let netPerformance: FixedDecimal
        let currencyGain: FixedDecimal
    }
}

extension ValuationAnswer {
    /// Throws `.overflow` where a sum leaves twenty digits before the point.
    init(_ result: PortfolioValuation) throws {
        let valuation = result.valuation
        portfolioID = result.portfolio.id
        day = valuation.day
        currency = valuation.currency
        complete = valuation.isComplete
        do throws(ArithmeticError) {
            total = Total(
                value: try valuation.total.value + valuation.totalCash, cash: valuation.totalCash,
                figures: try Figures(valuation.total), currencyEffect: try Effect(valuation.currencyEffect))
            holdings = try valuation.lines.map { line throws(ArithmeticError) in
                try Line(line, result.instruments[line.instrumentID])
            }
        } catch {
            throw PortfoliosError.outOfRange(field: "currency")
        }
        cash = valuation.cash.map {
            CashLine(currency: $0.money.currency, amount: $0.money.amount, converted: $0.converted)
        }
    }
}

extension ValuationAnswer.Line {
    init(_ line: Valuation.Line, _ instrument: FindInstrumentsRow?) throws(ArithmeticError) {
        instrumentID = line.instrumentID
        symbol = instrument?.symbol ?? ""
        name = instrument?.name ?? ""
        currency = line.currency
        quantity = line.quantity
        averagePrice = line.averagePrice
        price = line.price.map {
            .init(
                amount: $0.amount, currency: $0.currency, asOf: $0.asOf, source: $0.source, stale: $0.isStale)
        }
        own = try ValuationAnswer.Figures(line.own)
        converted = try ValuationAnswer.Figures(line.converted)
        exchangeRate = line.rate.map { .init(rate: $0.rate, asOf: $0.asOf, path: $0.path) }
        currencyEffect = try ValuationAnswer.Effect(line.currencyEffect)
        unavailable = line.gap
    }
}

extension ValuationAnswer.Figures {
    init(_ figures: ValuationFigures) throws(ArithmeticError) {
        value = figures.value
        investment = figures.investment
        costBasis = try figures.costBasis()
        unrealizedGain = try figures.unrealizedGain()
        realizedGain = figures.realizedGain
        fees = figures.fees
        income = figures.income
        grossPerformance = try figures.grossPerformance()
        netPerformance = try figures.netPerformance()
    }

    init?(_ figures: ValuationFigures?) throws(ArithmeticError) {
        guard let figures else { return nil }
        try self.init(figures)
    }
}

extension ValuationAnswer.Effect {
    init?(_ effect: CurrencyEffect?) throws(ArithmeticError) {
        guard let effect else { return nil }
        investment = effect.investment
        fees = effect.fees
        income = effect.income
        grossPerformance = effect.grossPerformance
        netPerformance = try effect.netPerformance()
        currencyGain = effect.currencyGain
    }
}
