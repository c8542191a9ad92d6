public import Foundation

extension CalendarDay {
    /// A day of the week, by its number in ISO 8601.
    public enum Weekday: Int, Sendable, Hashable, CaseIterable {
        case monday = 1
        case tuesday, wednesday, thursday, friday, saturday, sunday
    }

    /// The day of the week.
    public var weekday: Weekday { Weekday(rawValue: daysFromMonday + 1) ?? .monday }

    /// The Monday of the week, which is the day itself or lies before it. 0001-01-01 was a Monday.
    public var monday: CalendarDay { CalendarDay(unchecked: daysSince1970 - Int32(daysFromMonday)) }

    /// 1970-01-01 was a Thursday, three days after a Monday.
    private var daysFromMonday: Int {
        let days = (Int(daysSince1970) + 3) % 7
        return days < 0 ? days + 7 : days
    }

    /// The seconds from 1970-01-01 until the day begins in UTC; negative before.
    public var secondsSince1970: Int { Int(daysSince1970) * Self.seconds }

    /// The first moment of the day in UTC. Of a zone, it is `IANATimeZone.start(of:)`.
    public var start: Date { Date(timeIntervalSince1970: Double(secondsSince1970)) }

    /// The seconds of a day in UTC.
    static let seconds = 86_400
}

extension TimeInterval {
    /// So many days of 24 hours, for a moment that lies so far from another. It is no Duration, because it is added to
    /// a Date. A day of a calendar is `CalendarDay.advanced(by:)`.
    public static func days(_ count: Double) -> TimeInterval { count * Double(CalendarDay.seconds) }
}
