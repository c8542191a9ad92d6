import ExactTypes
import SharedTypes

/// What an issuer does to all shares of an instrument.
struct RecordedAction: Sendable, Hashable {
    enum Change: Sendable, Hashable {
        /// So many new shares for so many old ones.
        case split(new: FixedDecimal, old: FixedDecimal)
        /// A dividend, or returned capital, for each share, gross.
        case payment(isReturnOfCapital: Bool, amount: FixedDecimal, currency: Currency)
        /// The listing's symbol from then on.
        case symbol(String)
    }

    /// From this day on whoever buys has no part in it.
    let exDate: CalendarDay
    let change: Change
    /// The provider's name for it, by which it is known where it comes twice.
    let reference: String?

    var kind: CorporateActionKind {
        switch change {
        case .split: .split
        case .payment(let isReturnOfCapital, _, _): isReturnOfCapital ? .returnOfCapital : .dividend
        case .symbol: .symbolChange
        }
    }

    private var isPossible: Bool {
        switch change {
        case .split(let new, let old): new.isPositive && old.isPositive
        case .payment(_, let amount, _): amount.isPositive
        case .symbol(let symbol): (try? ListingText.symbol(symbol)) == symbol
        }
    }

    private struct Event: Hashable {
        let kind: CorporateActionKind
        let exDate: CalendarDay
    }

    /// Actions as they are kept: one of a kind and day, where several payments are their sum. What comes twice counts
    /// once.
    ///
    /// - Returns: also how many could not be.
    static func kept(
        of actions: [RecordedAction]
    ) throws(ParseError) -> (actions: [RecordedAction], refused: Int) {
        var kept: [Event: RecordedAction] = [:]
        var refused = 0
        for action in Set(actions).sorted(by: {
            ($0.exDate, $0.kind.rawValue) < ($1.exDate, $1.kind.rawValue)
        }) {
            guard action.isPossible else {
                refused += 1
                continue
            }
            let event = Event(kind: action.kind, exDate: action.exDate)
            kept[event] =
                try kept[event].map { other throws(ParseError) in try other.joined(with: action) }
                ?? action
        }
        return (kept.values.sorted { ($0.exDate, $0.kind.rawValue) < ($1.exDate, $1.kind.rawValue) }, refused)
    }

    private func joined(with other: RecordedAction) throws(ParseError) -> RecordedAction {
        guard case .payment(let isReturn, let amount, let currency) = change,
            case .payment(_, let added, currency) = other.change, let sum = try? amount + added
        else { throw ParseError(reason: "gives two of a kind for \(exDate)") }
        return RecordedAction(
            exDate: exDate,
            change: .payment(isReturnOfCapital: isReturn, amount: sum, currency: currency),
            reference: nil)
    }
}
