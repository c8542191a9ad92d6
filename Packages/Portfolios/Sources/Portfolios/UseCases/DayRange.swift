import ExactTypes
import Foundation

/// Days of a list, the first and the last included, in UTC.
struct DayRange: Sendable {
    let from: CalendarDay?
    let to: CalendarDay?

    /// The first moment of the range. Before 1900 nothing is posted.
    var start: Date { Self.midnight(from?.daysSince1970 ?? CalendarDay.first.daysSince1970) }

    /// The first moment after the range.
    var end: Date { Self.midnight((to ?? CalendarDay.last).daysSince1970 + 1) }

    private static func midnight(_ daysSince1970: Int32) -> Date {
        Date(timeIntervalSince1970: Double(daysSince1970) * 86_400)
    }
}
