import ExactTypes
import SharedTypes

/// On which days a feed should have a figure.
enum ExpectedDays: Sendable, Hashable {
    /// Coins are traded always.
    case everyDay
    /// Assumed where no calendar is known.
    case mondayToFriday
    /// The sessions of an exchange of `market.trading_days`.
    case sessions(of: String)
    /// The days of the European Central Bank's reference rates.
    case target

    /// Of an instrument, by the calendar that it has.
    init(calendar: String?, instrumentClass: InstrumentClass) {
        self =
            switch (calendar, instrumentClass) {
            case (let calendar?, _): .sessions(of: calendar)
            case (nil, .crypto): .everyDay
            case (nil, _): .mondayToFriday
            }
    }

    /// The expected days of a range, in order.
    /// - Parameter sessions: of the exchange, where it is one's.
    func days(in range: ClosedRange<CalendarDay>, sessions: [CalendarDay]) -> [CalendarDay] {
        if case .sessions = self { return sessions.filter(range.contains) }
        let all = (0...range.lowerBound.days(until: range.upperBound)).compactMap {
            try? range.lowerBound.advanced(by: $0)
        }
        switch self {
        case .everyDay, .sessions: return all
        case .mondayToFriday: return all.filter { $0.weekday != .saturday && $0.weekday != .sunday }
        case .target: return all.filter(TargetCalendar.isOpen)
        }
    }
}

/// Days as ranges of days that follow each other closely, so that one request asks for several of them.
///
/// - Parameters:
///   - distance: how many days may lie between two of one range.
///   - length: how many days a range spans at most.
func ranges(
    of days: [CalendarDay], closerThan distance: Int, spanning length: Int
) -> [ClosedRange<CalendarDay>] {
    var ranges: [ClosedRange<CalendarDay>] = []
    for day in days.sorted() {
        if let last = ranges.last, last.upperBound.days(until: day) <= distance,
            last.lowerBound.days(until: day) < length
        {
            ranges = ranges.dropLast() + [last.lowerBound...day]
        } else {
            ranges.append(day...day)
        }
    }
    return ranges
}
