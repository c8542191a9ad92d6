import ExactTypes

/// Which bars of a provider are kept beside those of others, and where they disagree.
struct KeptCloses: Sendable {
    /// A close that is kept already.
    struct Known: Sendable, Hashable {
        let close: FixedDecimal
        let source: String
    }

    /// A day on which two sources differ by more than the tolerance.
    struct Disagreement: Sendable, Hashable {
        let day: CalendarDay
        /// Whose close was not kept.
        let provider: String
        let offered: FixedDecimal
        let kept: FixedDecimal
        let keptSource: String
    }

    /// What stands for bars of files and of whatever is no provider of the instrument.
    static let priorityOfOthers = 100

    /// Half a percent of the close that is kept: beyond what two feeds of one session differ by, and far below a split,
    /// a dividend that one of them took out, or pence for pounds.
    static let tolerancePerMille = 5

    private(set) var bars: [PriceBar] = []
    private(set) var disagreements: [Disagreement] = []
    /// Days on which the provider agrees with what is kept, or is what is kept.
    private(set) var agreed: [CalendarDay] = []

    /// - Parameters:
    ///   - offered: the provider's bars.
    ///   - known: what is kept of those days.
    ///   - priorities: of the instrument's providers, by name; the lower number wins, and of two equal ones the bar that
    ///     is there.
    init(
        _ offered: [PriceBar], by provider: String, beside known: [CalendarDay: Known],
        priorities: [String: Int]
    ) {
        let own = priorities[provider] ?? Self.priorityOfOthers
        for bar in offered {
            guard let other = known[bar.day], other.source != provider else {
                bars.append(bar)
                agreed.append(bar.day)
                continue
            }
            let wins = own < priorities[other.source] ?? Self.priorityOfOthers
            if wins { bars.append(bar) }
            guard Self.differs(bar.close, from: other.close) else {
                agreed.append(bar.day)
                continue
            }
            disagreements.append(
                Disagreement(
                    day: bar.day, provider: wins ? other.source : provider,
                    offered: wins ? other.close : bar.close, kept: wins ? bar.close : other.close,
                    keptSource: wins ? provider : other.source))
        }
    }

    private static func differs(_ close: FixedDecimal, from kept: FixedDecimal) -> Bool {
        guard let distance = try? close - kept else { return true }
        return DecimalProduct(kept, FixedDecimal(tolerancePerMille))
            < DecimalProduct(distance.magnitude, FixedDecimal(1_000))
    }
}
