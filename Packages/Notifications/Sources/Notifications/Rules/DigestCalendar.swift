import ExactTypes
import Foundation
import SharedTypes

/// When the collected messages of a user go out: at eight in the morning by his clock, each day or each Monday.
enum DigestCalendar {
    /// Minutes after midnight. No zone has moved its clock at this hour.
    static let minutes = 8 * 60

    /// The day of the next digest: the first one whose hour has not come yet. Nil where nothing is collected.
    static func nextDay(_ frequency: DigestFrequency, after now: Date, in zone: IANATimeZone) -> CalendarDay?
    {
        guard frequency != .none else { return nil }
        var day = zone.day(at: now)
        while !isDay(day, frequency) || due(day, in: zone) <= now {
            guard let next = try? day.advanced(by: 1) else { return nil }
            day = next
        }
        return day
    }

    /// The digest day that follows another, where that one's digest is closed.
    static func day(_ frequency: DigestFrequency, after day: CalendarDay) -> CalendarDay? {
        switch frequency {
        case .none: nil
        case .daily: try? day.advanced(by: 1)
        case .weekly: try? day.advanced(by: 7)
        }
    }

    /// The moment at which the digest of a day goes out, by the zone that the user is in then.
    static func due(_ day: CalendarDay, in zone: IANATimeZone) -> Date { zone.first(minutes, of: day) }

    private static func isDay(_ day: CalendarDay, _ frequency: DigestFrequency) -> Bool {
        frequency == .daily || day.weekday == .monday
    }
}
