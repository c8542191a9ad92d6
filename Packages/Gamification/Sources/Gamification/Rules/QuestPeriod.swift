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

/// The time in which a quest is done once: `once`, a day or an ISO week by the user's clock, or a season.
struct QuestPeriod: Hashable, Sendable {
    let name: String
    /// When it is over, with its grace for claims; nil for never.
    let expiresAt: Date?

    /// How long what was reached can still be claimed when the day is over.
    static let dailyGraceDays = 1
    /// The same for a week.
    static let weeklyGraceDays = 3
    /// The same for a quest that is done once and has an end.
    static let oneTimeGraceDays = 14.0

    /// The period of a moment.
    /// - Parameters:
    ///   - zone: the user's.
    ///   - endsAt: the quest's own end.
    ///   - season: the one that runs at the moment; a seasonal quest has no period where none does.
    init?(of kind: QuestKind, at moment: Date, in zone: IANATimeZone, endsAt: Date?, season: Season?) {
        let today = zone.day(at: moment)
        switch kind {
        case .oneTime:
            name = "once"
            expiresAt = endsAt?.addingTimeInterval(.days(Self.oneTimeGraceDays))
        case .daily:
            name = today.description
            expiresAt = zone.start(of: today, after: 1 + Self.dailyGraceDays)
        case .weekly:
            name = Self.isoWeek(of: today)
            expiresAt = zone.start(of: today.monday, after: 7 + Self.weeklyGraceDays)
        case .seasonal:
            guard let season else { return nil }
            name = "season-\(season.number)"
            expiresAt = season.claimUntil
        }
    }

    /// ISO 8601: a week belongs to the year of its Thursday.
    private static func isoWeek(of day: CalendarDay) -> String {
        // The last Thursday of the calendar comes after its last Monday.
        let thursday = (try? day.monday.advanced(by: 3)) ?? day
        let newYear = CalendarDay(year: thursday.year, month: 1, day: 1) ?? thursday
        let week = newYear.days(until: thursday) / 7 + 1
        return "\(thursday.description.prefix(4))-W\(week < 10 ? "0" : "")\(week)"
    }
}

extension IANATimeZone {
    /// The start of the day so many days after another; the distant future where the calendar ends before.
    func start(of day: CalendarDay, after days: Int) -> Date {
        (try? day.advanced(by: days)).map { start(of: $0) } ?? .distantFuture
    }
}
