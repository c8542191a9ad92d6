import ExactTypes
import SharedTypes

/// What one unit of a holding is taken to be worth on a day, and why.
struct HoldingPrice: Sendable, Hashable {
    /// Where the price comes from.
    enum Source: String, Sendable, Hashable, Codable {
        /// The close of a daily bar of the market.
        case market
        /// What the owner of a private instrument says it cost.
        case owner
        /// The last price at which the portfolio itself traded.
        case lastTrade = "last_trade"
    }

    /// The close of a daily bar, or what the owner says in its place.
    struct Close: Sendable, Hashable {
        var source = Source.market
        let amount: FixedDecimal
        let currency: Currency
        let day: CalendarDay
        let adjusted: PriceAdjustment
        /// The day on which the figures were brought: adjusted ones know the splits until then.
        let asOf: CalendarDay
    }

    /// The number of days after which the last bar counts as stale: a long weekend passes, a halted market not.
    static let maximumAgeDays = 7

    let amount: FixedDecimal
    let currency: Currency
    let asOf: CalendarDay
    let source: Source
    /// The price is no fresh quote of the market, and a person should know it.
    let isStale: Bool
    /// Why it may be wrong by a multiple; nil where nothing speaks against it.
    let doubt: Doubt?

    /// The last bar, unless it is stale and a trade came after it: then the last trade. Nil where neither is
    /// known. A close is restated for the splits between its shares and those of the books on the day.
    init?(of book: LotBook, _ prices: MarketPrices, on day: CalendarDay) throws(ArithmeticError) {
        let close = prices.close
        let trade = book.lastTrade.flatMap { $0.amount.isPositive ? $0 : nil }
        let isCloseStale = close.map { $0.day.days(until: day) > Self.maximumAgeDays } ?? true
        if let close, close.day <= day, !isCloseStale || close.day >= trade?.day ?? close.day {
            let splits = KnownSplits(listed: prices.splits, booked: book.splits + prices.laterSplits)
            amount = try splits.restated(close, forBooksOn: day)
            doubt = Self.doubt(of: close, for: book, prices, splits, on: day)
            currency = close.currency
            asOf = close.day
            source = close.source
            isStale = isCloseStale
        } else if let trade, let bookCurrency = book.currency {
            amount = trade.amount
            currency = bookCurrency
            asOf = trade.day
            source = .lastTrade
            isStale = true
            doubt = nil
        } else {
            return nil
        }
    }
}
