import ExactTypes
import SharedTypes

/// What one unit of a holding is taken to be worth on a day, and why.
struct HoldingPrice: Sendable, Hashable {
    /// Where the price comes from.
    enum Source: String, Sendable, Hashable, Codable {
        /// The close of a daily bar of the market.
        case market
        /// The last price at which the portfolio itself traded.
        case lastTrade = "last_trade"
    }

    /// The close of a daily bar, as traded on its day: not restated for later splits.
    struct Close: Sendable, Hashable {
        let amount: FixedDecimal
        let currency: Currency
        let day: CalendarDay
    }

    /// The number of days after which the last bar counts as stale: a long weekend passes, a halted market not.
    static let maximumAgeDays = 7

    let amount: FixedDecimal
    let currency: Currency
    let asOf: CalendarDay
    let source: Source
    /// The price is no fresh quote of the market, and a person should know it.
    let isStale: Bool

    /// The last bar, unless it is stale and a trade came after it: then the last trade. Nil where neither is
    /// known. A split between the price and the day restates it.
    init?(of book: LotBook, close: Close?, on day: CalendarDay) throws(ArithmeticError) {
        let trade = book.lastTrade.flatMap { $0.amount.isPositive ? $0 : nil }
        let isCloseStale = close.map { $0.day.days(until: day) > Self.maximumAgeDays } ?? true
        if let close, close.day <= day, !isCloseStale || close.day >= trade?.day ?? close.day {
            amount = try Self.restated(
                close.amount,
                for: book.splits.filter { $0.day > close.day && $0.day <= day }.map(\.ratio))
            currency = close.currency
            asOf = close.day
            source = .market
            isStale = isCloseStale
        } else if let trade, let bookCurrency = book.currency {
            amount = trade.amount
            currency = bookCurrency
            asOf = trade.day
            source = .lastTrade
            isStale = true
        } else {
            return nil
        }
    }

    /// The price in the shares of after the splits, rounded once; where the splits together leave the range, once more.
    private static func restated(
        _ price: FixedDecimal, for ratios: [LedgerTransaction.SplitRatio]
    ) throws(ArithmeticError) -> FixedDecimal {
        var price = price
        var whole = LedgerTransaction.SplitRatio(to: FixedDecimal(1), from: FixedDecimal(1))
        for ratio in ratios {
            if let both = try? whole.followed(by: ratio) {
                whole = both
            } else {
                price = try price.scaled(by: whole.from, over: whole.to)
                whole = ratio
            }
        }
        return try price.scaled(by: whole.from, over: whole.to)
    }
}
