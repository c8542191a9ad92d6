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

    init(from: CalendarDay?, to: CalendarDay?) {
        self.from = from
        self.to = to
    }

    /// Days as a request names them; throws where the first comes after the last.
    init(inOrder from: CalendarDay?, _ to: CalendarDay?) throws(FieldError) {
        if let from, let to, from > to {
            throw FieldError(field: "to", reason: "must not be before from")
        }
        self.init(from: from, to: to)
    }
}
