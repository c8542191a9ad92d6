import ExactTypes
import SharedTypes

/// One answer of a provider.
struct FeedPage<Row: Sendable>: Sendable {
    /// As they came: in any order, perhaps more often than once, perhaps of other days.
    var rows: [Row]
    /// Rows that were none, as a close that is null.
    var refused = 0
    /// The provider's word for the next page of the window; nil on the last one.
    var nextToken: String?
}

/// What a provider gives of a day.
protocol DatedFigure: Sendable, Hashable {
    /// What there is one row of.
    associatedtype Key: Hashable

    var day: CalendarDay { get }
    var key: Key { get }
    /// Whether there can be such a row at all.
    var isPossible: Bool { get }
}

extension PriceBar: DatedFigure {
    var key: CalendarDay { day }
    var isPossible: Bool { fault == nil }
}

extension ExchangeRateTable.Entry: DatedFigure {
    struct Key: Hashable {
        let base: Currency
        let quote: Currency
        let day: CalendarDay
    }

    var key: Key { Key(base: base, quote: quote, day: day) }
    var isPossible: Bool { true }
}

extension FeedPage where Row: DatedFigure {
    /// The rows of the days that were asked for, by day and each once.
    ///
    /// What no price can be is left out and counted. Two rows that contradict each other leave no way to know which is
    /// right, so the page is refused.
    func cleaned(of days: ClosedRange<CalendarDay>) throws(ParseError) -> (rows: [Row], refused: Int) {
        var refused = refused
        var byKey: [Row.Key: Row] = [:]
        for row in rows where days.contains(row.day) {
            guard row.isPossible else {
                refused += 1
                continue
            }
            if let other = byKey.updateValue(row, forKey: row.key), other != row {
                throw ParseError(reason: "gives two figures for \(row.day)")
            }
        }
        return (byKey.values.sorted { $0.day < $1.day }, refused)
    }
}

/// Rows in pieces of whole days, each small enough for one transaction. There is one piece at least.
func slices<Row: DatedFigure>(
    of rows: [Row], ofAbout count: Int, through end: CalendarDay
) -> [(rows: ArraySlice<Row>, through: CalendarDay)] {
    var slices: [(rows: ArraySlice<Row>, through: CalendarDay)] = []
    var rest = ArraySlice(rows)
    while rest.count > count, let last = rest.dropFirst(count - 1).first {
        let slice = rest.prefix { $0.day <= last.day }
        rest = rest.dropFirst(slice.count)
        slices.append((slice, rest.isEmpty ? end : last.day))
    }
    if !rest.isEmpty || slices.isEmpty { slices.append((rest, end)) }
    return slices
}
