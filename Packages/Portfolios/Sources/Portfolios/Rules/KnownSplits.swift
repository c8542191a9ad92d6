import ExactTypes
import SharedTypes

/// The splits of an instrument, each once, whether Market lists it, the portfolio's books have it, or both.
struct KnownSplits: Sendable, Hashable {
    struct Split: Sendable, Hashable {
        /// From when it is traded in the new shares: the listed ex-date, else the day in the books.
        let day: CalendarDay
        let ratio: LedgerTransaction.SplitRatio
        /// From when the books count in the new shares; nil where they do not have the split.
        let bookedOn: CalendarDay?
        let isListed: Bool
    }

    /// A split of the same ratio so many days apart is the same one: brokers book some of them late.
    static let maximumLagDays = 7

    /// In the order of their days.
    let splits: [Split]

    init(listed: [LotBook.Split], booked: [LotBook.Split]) {
        var unbooked = listed.sorted { $0.day < $1.day }
        var splits: [Split] = []
        for split in booked.sorted(by: { $0.day < $1.day }) {
            let place = unbooked.firstIndex {
                abs($0.day.days(until: split.day)) <= Self.maximumLagDays && $0.ratio.isSame(as: split.ratio)
            }
            let day = place.map { unbooked.remove(at: $0).day }
            splits.append(
                Split(day: day ?? split.day, ratio: split.ratio, bookedOn: split.day, isListed: day != nil))
        }
        splits += unbooked.map { Split(day: $0.day, ratio: $0.ratio, bookedOn: nil, isListed: true) }
        self.splits = splits.sorted { $0.day < $1.day }
    }

    /// The splits after a day until another, which is included.
    func between(_ day: CalendarDay, and last: CalendarDay) -> [LedgerTransaction.SplitRatio] {
        splits.filter { $0.day > day && $0.day <= last }.map(\.ratio)
    }

    /// A close in the shares in which the books count on a day, rounded once. A series that is adjusted for splits has
    /// the shares of the day on which its figures were brought, any other those of the close's own day.
    func restated(_ close: HoldingPrice.Close, forBooksOn day: CalendarDay) throws(ArithmeticError)
        -> FixedDecimal
    {
        var ratios: [LedgerTransaction.SplitRatio] = []
        for split in splits {
            let isInClose = split.day <= close.day
            let isTakenBack = close.adjusted.isForSplits && !isInClose && split.day <= close.asOf
            var steps = isTakenBack ? 1 : 0
            if let bookedOn = split.bookedOn {
                steps += (isInClose ? 1 : 0) - (bookedOn <= day ? 1 : 0)
            }
            if steps > 0 { ratios.append(split.ratio) }
            if steps < 0 { ratios.append(split.ratio.inverse) }
        }
        return try close.amount.scaled(by: ratios)
    }
}

extension LedgerTransaction.SplitRatio {
    /// The split that undoes this one.
    var inverse: Self { Self(to: from, from: to) }

    /// Whether the two turn as many shares into as many, as 2 for 1 and 4 for 2 do.
    func isSame(as other: Self) -> Bool {
        DecimalProduct(to, other.from) == DecimalProduct(other.to, from)
    }
}

extension PriceAdjustment {
    /// Whether a series so stated has the shares of after the splits.
    var isForSplits: Bool {
        switch self {
        case .splits, .splitsAndDividends: true
        case .unknown, .raw: false
        }
    }
}

extension FixedDecimal {
    /// `self × to ÷ from` for every ratio, rounded once; where the ratios together leave the range, once more.
    func scaled(by ratios: [LedgerTransaction.SplitRatio]) throws(ArithmeticError) -> FixedDecimal {
        var value = self
        var whole = LedgerTransaction.SplitRatio(to: FixedDecimal(1), from: FixedDecimal(1))
        for ratio in ratios {
            if let both = try? whole.followed(by: ratio) {
                whole = both
            } else {
                value = try value.scaled(by: whole.to, over: whole.from)
                whole = ratio
            }
        }
        return try value.scaled(by: whole.to, over: whole.from)
    }
}
