import ExactTypes
import SharedTypes

extension HoldingPrice {
    /// Why a price may be wrong by a multiple. A valuation with such a price is not complete.
    enum Doubt: String, Sendable, Hashable, Codable {
        /// Splits came after the close, and nothing shows whether the series is adjusted for them.
        case adjustmentUnknown = "adjustment_unknown"
        /// The close has later dividends taken off, so it is not what was paid.
        case adjustedForDividends = "adjusted_for_dividends"
        /// A price at which the portfolio traded lies far from the bar of its day, as by a split or by pence for pounds.
        case differsFromTrade = "differs_from_trade"
        /// Market lists a split that the portfolio's books do not have.
        case splitNotBooked = "split_not_booked"
    }

    /// What speaks against a close as the price of what a book holds on a day.
    static func doubt(
        of close: Close, for book: LotBook, _ prices: MarketPrices, _ splits: KnownSplits, on day: CalendarDay
    ) -> Doubt? {
        guard close.adjusted != .splitsAndDividends else { return .adjustedForDividends }
        guard let oldest = book.lots.first(where: \.isOpen)?.day else { return nil }
        let unbooked = splits.splits.filter { $0.bookedOn == nil && $0.day > oldest && $0.day <= day }
        if let first = unbooked.first {
            // Some files give what was traded before a split in the shares of after it; then no split is to be booked.
            let isRestated = prices.fills.contains {
                $0.day < first.day && $0.isRestated(for: unbooked.map(\.ratio), among: splits)
            }
            guard isRestated else { return .splitNotBooked }
        }

        let pending = splits.splits.filter { $0.day > close.day && $0.day <= close.asOf }
        var isShownRaw = false
        for fill in prices.fills {
            switch fill.fit(to: splits) {
            case .asStated(let isRaw):
                // What was traded after one of those splits shows nothing of it.
                isShownRaw = isShownRaw || (isRaw && pending.first.map { fill.day < $0.day } ?? true)
            case .otherwiseAdjusted:
                if !pending.isEmpty { return .differsFromTrade }
            case .hundredfold:
                if fill.day >= oldest { return .differsFromTrade }
            case .none:
                if fill.day >= oldest && fill.adjusted == .unknown { return .differsFromTrade }
            }
        }
        return close.adjusted == .unknown && !pending.isEmpty && !isShownRaw ? .adjustmentUnknown : nil
    }
}
