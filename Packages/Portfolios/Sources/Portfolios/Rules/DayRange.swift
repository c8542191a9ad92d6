import ExactTypes
import Foundation

/// Days of a list, the first and the last included, in UTC.
struct DayRange: Sendable {
    let from: CalendarDay?
    let to: CalendarDay?

    /// The first moment of the range. Before 1900 nothing is posted.
    var start: Date { (from ?? .first).start }

    /// The first moment after the range.
    var end: Date { (to ?? .last).start.addingTimeInterval(.days(1)) }
}
