import ExactTypes
import SharedTypes

/// What is known of an instrument's prices beside a portfolio's books, as far as a valuation needs it.
struct MarketPrices: Sendable, Hashable {
    /// A price at which the portfolio traded, and the range of the day's bar.
    struct Fill: Sendable, Hashable {
        let day: CalendarDay
        let price: FixedDecimal
        let low: FixedDecimal
        let high: FixedDecimal
        let adjusted: PriceAdjustment
        let asOf: CalendarDay
    }

    /// The last close on or before the day.
    var close: HoldingPrice.Close?
    var fills: [Fill] = []
    /// The splits that Market lists.
    var splits: [LotBook.Split] = []
    /// The splits that the portfolio's books have after the day: an adjusted series may know them.
    var laterSplits: [LotBook.Split] = []

    /// Takes the owner's own price, unless the market has one of a later day. Nothing of the market's series says
    /// anything of it.
    mutating func takeOwn(_ own: HoldingPrice.Close) {
        if let close, close.day > own.day { return }
        close = own
        fills = []
    }
}

extension MarketPrices.Fill {
    /// How a traded price fits the bar of its day.
    enum Fit: Sendable, Hashable {
        /// The bar's figures are what the series says they are, as far as this price shows.
        case asStated(isRaw: Bool)
        /// It fits if the figures are adjusted for splits where the series says raw, or the other way round.
        case otherwiseAdjusted
        /// One of the two is in hundredths: pence against pounds.
        case hundredfold
        case none
    }

    /// A series that says nothing is taken as raw.
    func fit(to splits: KnownSplits) -> Fit {
        let ratios = splits.between(day, and: asOf)
        let fitsRaw = fits(scaledBy: [])
        let fitsAdjusted = ratios.isEmpty ? fitsRaw : fits(scaledBy: ratios)
        if adjusted.isForSplits ? fitsAdjusted : fitsRaw {
            return .asStated(isRaw: fitsRaw && !fitsAdjusted)
        }
        if fitsRaw || fitsAdjusted { return .otherwiseAdjusted }
        return fits(scaledBy: [Self.hundred]) || fits(scaledBy: [Self.hundred.inverse]) ? .hundredfold : .none
    }

    /// Whether the price is one in the shares of after some splits, and not one of its own day. Only a series that says
    /// what it is adjusted to can show it.
    func isRestated(for later: [LedgerTransaction.SplitRatio], among splits: KnownSplits) -> Bool {
        guard adjusted != .unknown else { return false }
        let asTraded = adjusted.isForSplits ? splits.between(day, and: asOf) : []
        return fits(scaledBy: asTraded + later.map(\.inverse)) && !fits(scaledBy: asTraded)
    }

    private static let hundred = LedgerTransaction.SplitRatio(to: FixedDecimal(100), from: FixedDecimal(1))

    /// Whether the price lies in the day's range, or at most a fifth below or a quarter above it: a broker's day and
    /// trades outside of the exchange make some difference, a split of 3 for 2 a greater one.
    private func fits(scaledBy ratios: [LedgerTransaction.SplitRatio]) -> Bool {
        guard let low = try? low.scaled(by: ratios), let high = try? high.scaled(by: ratios) else {
            return false
        }
        return DecimalProduct(price, FixedDecimal(5)) >= DecimalProduct(low, FixedDecimal(4))
            && DecimalProduct(price, FixedDecimal(4)) <= DecimalProduct(high, FixedDecimal(5))
    }
}
