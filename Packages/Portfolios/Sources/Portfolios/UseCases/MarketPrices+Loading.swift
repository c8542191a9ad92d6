import DatabaseClient
import ExactTypes
import SharedTypes

/// How many of an instrument's last days of trading are held against the bars of those days.
private let comparedDays = 100

/// What instruments cost on a day or last before it, and what decides how much that is: the splits that Market lists and
/// those that the books have after the day, and the bars of days on which the portfolio traded.
func marketPrices(
    of ids: [Instrument.ID], in history: PortfolioHistory, on day: CalendarDay,
    using transaction: any QueryExecutor
) async throws -> [Instrument.ID: MarketPrices] {
    let portfolio = history.portfolio
    // Both in one flight.
    async let owned = transaction.findOwnerPrices(
        userID: portfolio.userID, day: day, instrumentIDs: ids)
    let closes = try await transaction.findCloses(day: day, instrumentIDs: ids, userID: portfolio.userID)
    var prices =
        closes.isEmpty
        ? [:] : try await seriesFacts(of: closes.map(\.instrumentID), history, after: day, using: transaction)
    for row in closes {
        prices[row.instrumentID, default: MarketPrices()].close = HoldingPrice.Close(
            amount: row.close, currency: row.currency, day: row.day, adjusted: row.adjusted, asOf: row.asOf)
    }
    for row in try await owned {
        let close = HoldingPrice.Close(
            source: .owner, amount: row.price, currency: row.currency, day: row.day, adjusted: .raw,
            asOf: row.day)
        prices[row.instrumentID, default: MarketPrices()].takeOwn(close)
    }
    return prices
}

/// What decides how much the closes of some instruments are.
private func seriesFacts(
    of ids: [Instrument.ID], _ history: PortfolioHistory, after day: CalendarDay,
    using transaction: any QueryExecutor
) async throws -> [Instrument.ID: MarketPrices] {
    let portfolio = history.portfolio
    let trades = tradedPrices(of: Set(ids), in: history)
    // All in one flight.
    async let listed = transaction.findListedSplits(instrumentIDs: ids, userID: portfolio.userID)
    async let later = transaction.listLaterSplits(
        userID: portfolio.userID, portfolioID: portfolio.id, fromAt: DayRange(from: nil, to: day).end)
    let bars = try await transaction.findTradedBars(Array(trades.keys), userID: portfolio.userID)

    var prices: [Instrument.ID: MarketPrices] = [:]
    for bar in bars {
        let traded = trades[TradedDay(instrumentID: bar.instrumentID, day: bar.day)] ?? []
        // A trade in another currency shows nothing without a rate of its moment.
        prices[bar.instrumentID, default: MarketPrices()].fills += traded.filter {
            $0.currency == bar.currency
        }.map {
            MarketPrices.Fill(
                day: bar.day, price: $0.amount, low: bar.low, high: bar.high, adjusted: bar.adjusted,
                asOf: bar.asOf)
        }
    }
    for row in try await listed {
        prices[row.instrumentID, default: MarketPrices()].splits.append(
            .init(day: row.exDate, ratio: .init(to: row.newShares, from: row.oldShares)))
    }
    for row in try await later {
        let counts = TransactionDraft.SplitCounts(from: row.splitFrom, to: row.splitTo)
        prices[row.instrumentID, default: MarketPrices()].laterSplits.append(
            .init(day: CalendarDay(utc: row.executedAt), ratio: try counts.ratio))
    }
    return prices
}

/// The prices at which some instruments were bought and sold, by instrument and day: of each the last days.
private func tradedPrices(
    of instruments: Set<Instrument.ID>, in history: PortfolioHistory
) -> [TradedDay: [Money]] {
    var prices: [TradedDay: [Money]] = [:]
    var days: [Instrument.ID: Int] = [:]
    for entry in history.entries.reversed() where entry.type == .buy || entry.type == .sell {
        guard let instrument = entry.instrumentID, instruments.contains(instrument),
            let price = entry.unitPrice, price.isPositive
        else { continue }
        let traded = TradedDay(instrumentID: instrument, day: entry.day)
        let money = Money(amount: price, currency: entry.currency)
        if prices[traded] != nil {
            prices[traded, default: []].append(money)
        } else if days[instrument, default: 0] < comparedDays {
            days[instrument, default: 0] += 1
            prices[traded] = [money]
        }
    }
    return prices
}
