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
            var price = close.amount
            for split in book.splits where split.day > close.day && split.day <= day {
                price = try price.scaled(by: split.ratio.from, over: split.ratio.to)
            }
            amount = price
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
}
