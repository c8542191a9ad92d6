import ContractKit
import ExactTypes
import ServiceKit

/// The days of a page of a list that is sorted by days and may be asked for from a day to a day.
struct DayPage {
    let first: CalendarDay
    let last: CalendarDay

    /// Throws 422 naming `to` where it lies before `from`.
    init(from: CalendarDay?, to: CalendarDay?, after: CalendarDay?) throws(Problem) {
        let (from, to) = (from ?? .first, to ?? .last)
        guard from <= to else { throw Problem.invalid("to", "lies before from") }
        last = to
        guard let after else {
            first = from
            return
        }
        // After the last day of all there is no page.
        guard let next = try? after.advanced(by: 1) else { throw Cursor.foreign }
        first = max(from, next)
    }
}
