import ExactTypes
import Foundation
import SharedTypes

/// A season as quests see it.
struct Season: Hashable, Sendable {
    let number: Int
    let startsAt: Date
    let endsAt: Date
    /// After the end nothing is earned, and until then what was earned can be claimed.
    let claimUntil: Date

    /// Whether something can be earned in it at that moment.
    func isRunning(at moment: Date) -> Bool { startsAt <= moment && moment < endsAt }
}

/// The time in which a quest is done once: `once`, a UTC day, an ISO week or a season.
struct QuestPeriod: Hashable, Sendable {
    let name: String
    /// When it is over, with its grace for claims; nil for never.
    let expiresAt: Date?

    static let daySeconds = 86_400.0
    /// How long what was reached can still be claimed when the day is over.
    static let dailyGraceDays = 1
    /// The same for a week.
    static let weeklyGraceDays = 3
    /// The same for a quest that is done once and has an end.
    static let oneTimeGraceDays = 14

    /// The period of a moment.
    /// - Parameters:
    ///   - endsAt: the quest's own end.
    ///   - season: the one that runs at the moment; a seasonal quest has no period where none does.
    init?(of kind: QuestKind, at moment: Date, endsAt: Date?, season: Season?) {
        let today = CalendarDay(utc: moment)
        switch kind {
        case .oneTime:
            name = "once"
            expiresAt = endsAt?.addingTimeInterval(Double(Self.oneTimeGraceDays) * Self.daySeconds)
        case .daily:
            name = today.description
            expiresAt = Self.midnight(after: Int(today.daysSince1970), days: 1 + Self.dailyGraceDays)
        case .weekly:
            let monday = Self.monday(of: today)
            name = Self.isoWeek(mondayOf: monday)
            expiresAt = Self.midnight(after: monday, days: 7 + Self.weeklyGraceDays)
        case .seasonal:
            guard let season else { return nil }
            name = "season-\(season.number)"
            expiresAt = season.claimUntil
        }
    }

    /// The first moment of a day so many days after one, both counted from 1970.
    private static func midnight(after day: Int, days: Int) -> Date {
        Date(timeIntervalSince1970: Double(day + days) * daySeconds)
    }

    /// The Monday of a day's week, in days since 1970, which began on a Thursday.
    private static func monday(of day: CalendarDay) -> Int {
        let days = Int(day.daysSince1970)
        let weekday = ((days + 3) % 7 + 7) % 7
        return days - weekday
    }

    /// ISO 8601: a week belongs to the year of its Thursday.
    private static func isoWeek(mondayOf monday: Int) -> String {
        let thursday = CalendarDay(utc: Date(timeIntervalSince1970: Double(monday + 3) * daySeconds))
        let year = thursday.description.prefix(4)
        let newYear = CalendarDay(year: Int(year) ?? 1, month: 1, day: 1) ?? thursday
        let week = newYear.days(until: thursday) / 7 + 1
        return "\(year)-W\(week < 10 ? "0" : "")\(week)"
    }
}
