public import ExactTypes

/// What was paid for an instrument on one trading day, in the instrument's currency.
public struct PriceBar: Sendable, Hashable {
    public let day: CalendarDay
    public let open: FixedDecimal
    public let high: FixedDecimal
    public let low: FixedDecimal
    public let close: FixedDecimal
    /// Units traded.
    public let volume: FixedDecimal

    /// What makes the bar impossible, and in which figure; nil where it is possible.
    var fault: (column: String, reason: String)? {
        for (column, price) in [("Open", open), ("High", high), ("Low", low), ("Close", close)]
        where !price.isPositive {
            return (column, "is not above zero")
        }
        if low > open { return ("Low", "is above the open") }
        if low > close { return ("Low", "is above the close") }
        if high < open { return ("High", "is below the open") }
        if high < close { return ("High", "is below the close") }
        if volume.isNegative { return ("Volume", "is below zero") }
        return nil
    }
}
