import ExactTypes
import SharedTypes

/// One portfolio seen on one day in one currency: the steps of a valuation.
struct ValuationView {
    let portfolio: PortfolioBook
    let rates: ExchangeRateTable
    let currency: Currency
    let day: CalendarDay
    private let incomeByInstrument: [Instrument.ID?: [PortfolioBook.Flow]]
    private let feesByInstrument: [Instrument.ID?: [PortfolioBook.Flow]]

    init(portfolio: PortfolioBook, rates: ExchangeRateTable, currency: Currency, day: CalendarDay) {
        self.portfolio = portfolio
        self.rates = rates
        self.currency = currency
        self.day = day
        incomeByInstrument = Dictionary(grouping: portfolio.income, by: \.instrumentID)
        feesByInstrument = Dictionary(grouping: portfolio.fees, by: \.instrumentID)
    }

    /// The amount in the asked currency at the rate of a day, or nil where no rate is known.
    func convert(_ money: Money, on day: CalendarDay) throws(ArithmeticError) -> FixedDecimal? {
        try rates.rate(from: money.currency, to: currency, on: day)?.rate.convert(money.amount)
    }

    /// A holding; nil for an instrument of which nothing but a split is known. A figure that is out of range is
    /// a gap of this one holding, not of the portfolio.
    func line(of book: LotBook, _ prices: MarketPrices) -> Valuation.Line? {
        let income = incomeByInstrument[book.instrumentID] ?? []
        let fees = feesByInstrument[book.instrumentID] ?? []
        guard let own = book.currency else { return nil }
        let rate = rates.rate(from: own, to: currency, on: day)
        let price = book.quantity.isZero ? nil : (try? HoldingPrice(of: book, prices, on: day)) ?? nil
        func line(
            _ figures: ValuationFigures?, _ converted: ValuationFigures?, _ effect: CurrencyEffect?,
            _ gap: Valuation.Gap?, averagePrice: FixedDecimal = .zero
        ) -> Valuation.Line {
            Valuation.Line(
                instrumentID: book.instrumentID, currency: own, quantity: book.quantity,
                averagePrice: averagePrice, price: price, own: figures, converted: converted, rate: rate,
                currencyEffect: effect, gap: gap)
        }
        do throws(ArithmeticError) {
            let holding = try Holding(book)
            guard let value = try value(of: holding.quantity, at: price, in: own) else {
                return line(
                    nil, nil, nil, price == nil ? .noPrice : .noExchangeRate,
                    averagePrice: holding.averagePrice)
            }
            let figures = ValuationFigures(
                value: value, investment: holding.investment, basisFees: holding.fees,
                realizedGain: holding.realizedGain, grossRealizedGain: holding.grossRealizedGain,
                fees: try sum(fees), income: try sum(income))
            guard let rate else {
                return line(figures, nil, nil, .noExchangeRate, averagePrice: holding.averagePrice)
            }
            let converted = try figures.converted(at: rate.rate)
            return line(
                figures, converted, try effect(of: book, converted, own: own, fees: fees, income: income),
                nil,
                averagePrice: holding.averagePrice)
        } catch {
            return line(nil, nil, nil, .outOfRange)
        }
    }

    /// Fees and income that belong to no instrument; nil where a currency among them has no rate on the day.
    func rest() throws(ArithmeticError) -> (ValuationFigures, CurrencyEffect?)? {
        let (fees, income) = (feesByInstrument[nil] ?? [], incomeByInstrument[nil] ?? [])
        var figures = ValuationFigures.zero
        for flow in fees {
            guard let amount = try convert(flow.money, on: day) else { return nil }
            figures.fees = try figures.fees + amount
        }
        for flow in income {
            guard let amount = try convert(flow.money, on: day) else { return nil }
            figures.income = try figures.income + amount
        }
        guard let feesThen = try atTheirDays(fees), let incomeThen = try atTheirDays(income) else {
            return (figures, nil)
        }
        var effect = CurrencyEffect.zero
        (effect.fees, effect.income) = (feesThen, incomeThen)
        return (figures, effect)
    }

    /// Zero units are worth nothing at any price; nil where a price or a rate is missing.
    private func value(
        of quantity: Quantity, at price: HoldingPrice?, in own: Currency
    ) throws(ArithmeticError) -> FixedDecimal? {
        if quantity.isZero { return .zero }
        guard let price else { return nil }
        return try rates.rate(from: price.currency, to: own, on: day)?.rate.convert(
            quantity, at: price.amount)
    }

    /// Every amount at the rate of its own day; nil where one of those rates is unknown.
    private func effect(
        of book: LotBook, _ converted: ValuationFigures, own: Currency, fees: [PortfolioBook.Flow],
        income: [PortfolioBook.Flow]
    ) throws(ArithmeticError) -> CurrencyEffect? {
        guard let feesThen = try atTheirDays(fees), let incomeThen = try atTheirDays(income) else {
            return nil
        }
        func then(_ amount: FixedDecimal, _ day: CalendarDay) throws(ArithmeticError) -> FixedDecimal? {
            try convert(Money(amount: amount, currency: own), on: day)
        }
        var (investment, realized) = (FixedDecimal.zero, FixedDecimal.zero)
        // What returned capital took off a lot is what is gone of its cost and no closure of its own took.
        var returned: [Transaction.ID: FixedDecimal] = [:]
        for lot in book.lots {
            let standing = try book.basis.standing(lot)
            let net = try standing.remainingCost - standing.remainingFees
            returned[lot.openedBy] = try standing.cost - standing.fees - net
            guard lot.isOpen else { continue }
            guard let cost = try then(net, lot.day) else { return nil }
            investment = try investment + cost
        }
        for closure in book.closures {
            let net = try closure.cost - closure.costFees
            if let lot = closure.lot { returned[lot] = try (returned[lot] ?? .zero) - net }
            guard closure.kind != .transfer else { continue }
            let closedOn = CalendarDay(utc: closure.closedAt)
            guard let proceeds = try then(try closure.proceeds + closure.saleFees, closedOn) else {
                return nil
            }
            realized = try realized + proceeds
            // By the average method returned capital is no lot's, and counts at the rate of its own day.
            guard closure.lot != nil || book.method == .average else { continue }
            let day = closure.openedAt.map { CalendarDay(utc: $0) } ?? closedOn
            guard let cost = try then(net, day) else { return nil }
            realized = try realized - cost
        }
        for lot in book.lots {
            guard let amount = returned[lot.openedBy], !amount.isZero else { continue }
            guard let cost = try then(amount, lot.day) else { return nil }
            realized = try realized - cost
        }
        let gross = try converted.value - investment + realized
        return CurrencyEffect(
            investment: investment, fees: feesThen, income: incomeThen, grossPerformance: gross,
            currencyGain: try gross - converted.grossPerformance())
    }

    private func atTheirDays(_ flows: [PortfolioBook.Flow]) throws(ArithmeticError) -> FixedDecimal? {
        var total = FixedDecimal.zero
        for flow in flows {
            guard let amount = try convert(flow.money, on: flow.day) else { return nil }
            total = try total + amount
        }
        return total
    }

    /// The flows of one instrument, which all have its currency.
    private func sum(_ flows: [PortfolioBook.Flow]) throws(ArithmeticError) -> FixedDecimal {
        var total = FixedDecimal.zero
        for flow in flows { total = try total + flow.money.amount }
        return total
    }
}
