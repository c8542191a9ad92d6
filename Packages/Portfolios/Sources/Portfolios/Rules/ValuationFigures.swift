import ExactTypes

/// The figures of a holding, or of a whole portfolio, in one currency.
struct ValuationFigures: Sendable, Hashable {
    /// What is held at the price of the day.
    var value: FixedDecimal
    /// What it cost without fees.
    var investment: FixedDecimal
    /// The fees that are part of the cost of what is held.
    var basisFees: FixedDecimal
    /// Gain of what was sold, after its fees.
    var realizedGain: FixedDecimal
    /// Gain of what was sold, as if no fee had been paid.
    var grossRealizedGain: FixedDecimal
    /// Every fee since the beginning.
    var fees: FixedDecimal
    /// Dividends and interest since the beginning, before fees. Not part of the performance figures.
    var income: FixedDecimal

    static let zero = ValuationFigures(
        value: .zero, investment: .zero, basisFees: .zero, realizedGain: .zero, grossRealizedGain: .zero,
        fees: .zero, income: .zero)

    /// What is held cost this, fees of buying included.
    func costBasis() throws(ArithmeticError) -> FixedDecimal { try investment + basisFees }

    /// Value less cost basis.
    func unrealizedGain() throws(ArithmeticError) -> FixedDecimal { try value - costBasis() }

    /// Value less investment, with what was gained on sales, as if no fee had been paid.
    func grossPerformance() throws(ArithmeticError) -> FixedDecimal {
        try value - investment + grossRealizedGain
    }

    /// Gross performance less every fee.
    func netPerformance() throws(ArithmeticError) -> FixedDecimal { try grossPerformance() - fees }

    static func + (left: Self, right: Self) throws(ArithmeticError) -> Self {
        ValuationFigures(
            value: try left.value + right.value, investment: try left.investment + right.investment,
            basisFees: try left.basisFees + right.basisFees,
            realizedGain: try left.realizedGain + right.realizedGain,
            grossRealizedGain: try left.grossRealizedGain + right.grossRealizedGain,
            fees: try left.fees + right.fees, income: try left.income + right.income)
    }

    func converted(at rate: ExchangeRate) throws(ArithmeticError) -> Self {
        ValuationFigures(
            value: try rate.convert(value), investment: try rate.convert(investment),
            basisFees: try rate.convert(basisFees), realizedGain: try rate.convert(realizedGain),
            grossRealizedGain: try rate.convert(grossRealizedGain), fees: try rate.convert(fees),
            income: try rate.convert(income))
    }
}

/// What changes when every amount is taken at the rate of its own day: the gain of the currencies apart from
/// that of the market.
struct CurrencyEffect: Sendable, Hashable {
    /// What is held cost this without fees, at the rates of the days of buying.
    var investment: FixedDecimal
    /// At the rates of their days.
    var fees: FixedDecimal
    /// At the rates of their days.
    var income: FixedDecimal
    var grossPerformance: FixedDecimal
    /// What the currencies alone gained: gross performance here less gross performance at the rate of the day.
    var currencyGain: FixedDecimal

    static let zero = CurrencyEffect(
        investment: .zero, fees: .zero, income: .zero, grossPerformance: .zero, currencyGain: .zero)

    func netPerformance() throws(ArithmeticError) -> FixedDecimal { try grossPerformance - fees }

    /// The sum, or nil where one of the two is unknown.
    static func sum(_ left: Self?, _ right: Self?) throws(ArithmeticError) -> Self? {
        guard let left, let right else { return nil }
        return CurrencyEffect(
            investment: try left.investment + right.investment, fees: try left.fees + right.fees,
            income: try left.income + right.income,
            grossPerformance: try left.grossPerformance + right.grossPerformance,
            currencyGain: try left.currencyGain + right.currencyGain)
    }
}
