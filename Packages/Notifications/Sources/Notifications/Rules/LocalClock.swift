import ExactTypes
import Foundation

/// The clock on a user's wall, and which moments it shows a time at.
///
/// It asks the zone for nothing but its distance from UTC, so that what happens around a change of the clock is
/// said here: a time that the clock skips, and a time that it shows twice.
struct LocalClock: Sendable, Hashable {
    /// The zone's distance from UTC is less than a day everywhere, so the distances a day before and after a
    /// wall time are those that hold around it.
    private static let day = 86_400.0

    let zone: TimeZone

    /// The clock of an IANA zone; that of UTC where this machine does not know the name, because a message that
    /// comes at a wrong hour is better than one that never comes.
    init(zone identifier: String) {
        zone = TimeZone(identifier: identifier) ?? .gmt
    }

    /// The day that the clock's calendar shows.
    func day(at moment: Date) -> CalendarDay {
        CalendarDay(utc: moment.addingTimeInterval(offset(at: moment)))
    }

    /// The first moment at which the clock shows these minutes after midnight; where it skips them, the first
    /// after the gap.
    func first(_ minutes: Int, of day: CalendarDay) -> Date {
        let moments = self.moments(minutes, of: day)
        return moments.first ?? gapEnd(minutes, of: day)
    }

    /// The last moment at which the clock shows these minutes: the second one where it shows them twice.
    func last(_ minutes: Int, of day: CalendarDay) -> Date {
        let moments = self.moments(minutes, of: day)
        return moments.last ?? gapEnd(minutes, of: day)
    }

    private func offset(at moment: Date) -> Double { Double(zone.secondsFromGMT(for: moment)) }

    /// What the clock shows, read as if it were that of UTC.
    private func wall(_ minutes: Int, of day: CalendarDay) -> Date {
        Date(timeIntervalSince1970: Double(day.daysSince1970) * Self.day + Double(minutes) * 60)
    }

    private func offsets(around wall: Date) -> (before: Double, after: Double) {
        (offset(at: wall.addingTimeInterval(-Self.day)), offset(at: wall.addingTimeInterval(Self.day)))
    }

    /// The moments at which the clock shows a time, in their order: one, two, or none.
    private func moments(_ minutes: Int, of day: CalendarDay) -> [Date] {
        let wall = wall(minutes, of: day)
        let (before, after) = offsets(around: wall)
        return Set([before, after])
            .map { (offset: $0, moment: wall.addingTimeInterval(-$0)) }
            .filter { offset(at: $0.moment) == $0.offset }
            .map(\.moment)
            .sorted()
    }

    /// The moment at which the clock is put forward over a time that it never shows. It lies between the moments
    /// that the time would have been by the distance after it and by the one before it.
    private func gapEnd(_ minutes: Int, of day: CalendarDay) -> Date {
        let wall = wall(minutes, of: day)
        let (before, after) = offsets(around: wall)
        var last = wall.addingTimeInterval(-after)
        var first = wall.addingTimeInterval(-before)
        while first.timeIntervalSince(last) > 1 {
            let middle = last.addingTimeInterval((first.timeIntervalSince(last) / 2).rounded())
            if offset(at: middle) == before { last = middle } else { first = middle }
        }
        return first
    }
}
