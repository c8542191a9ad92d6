import ExactTypes
import Foundation

/// The hours in which a user wants to hear nothing, by the clock on his wall.
///
/// The quiet of an evening begins when the clock first shows `from`, and ends when it last shows `until`. So the
/// hour that autumn repeats never interrupts a silence: what would go out at the first 02:30 waits for the second
/// one, an hour at most, where the other choice would wake a person up twice in the time that he asked to sleep.
/// An end that spring skips is the first moment after the gap.
struct QuietHours: Sendable, Hashable {
    /// Minutes after midnight, 0 to 1439.
    let from: Int
    /// Minutes after midnight, 0 to 1439; before `from`, the quiet wraps midnight.
    let until: Int

    /// Nil where they are not minutes of a day, or are the same.
    init?(from: Int, until: Int) {
        guard (0..<1_440).contains(from), (0..<1_440).contains(until), from != until else { return nil }
        self.from = from
        self.until = until
    }

    /// The moment at which the quiet ends, or nil where it is not quiet now.
    ///
    /// Nights follow one another without a break where the clock skips all that is between them, as on the day
    /// that Samoa left out: then it is the end of the last of them.
    func end(at now: Date, in zone: IANATimeZone) -> Date? {
        let today = zone.day(at: now)
        var end = now
        for day in -2...3 {
            guard let evening = try? today.advanced(by: day),
                let morning = from < until ? evening : try? evening.advanced(by: 1)
            else { continue }
            let start = zone.first(from, of: evening)
            let finish = zone.last(until, of: morning)
            if start <= end, end < finish { end = finish }
        }
        return end > now ? end : nil
    }
}
