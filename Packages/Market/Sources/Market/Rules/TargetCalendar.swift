import ExactTypes

/// The days on which the European Central Bank publishes its reference rates: Monday to Friday, but for the closing days
/// of TARGET.
///
/// The closing days are those of the bank's decision of 14 December 2000, which holds from 2002 on "until further
/// notice": New Year's Day, Good Friday, Easter Monday, 1 May, 25 and 26 December. The years before had calendars of
/// their own, so no day of them is expected.
enum TargetCalendar {
    static let firstYear = 2002

    /// Whether rates are expected of the day.
    static func isOpen(_ day: CalendarDay) -> Bool {
        guard day.year >= firstYear, day.weekday != .saturday, day.weekday != .sunday else { return false }
        switch (day.month, day.day) {
        case (1, 1), (5, 1), (12, 25), (12, 26): return false
        default: break
        }
        guard let easter = easterSunday(of: day.year) else { return true }
        let distance = easter.days(until: day)
        return distance != -2 && distance != 1
    }

    /// By the rule that Meeus, Jones and Butcher give for the Gregorian calendar.
    static func easterSunday(of year: Int) -> CalendarDay? {
        let golden = year % 19
        let (century, rest) = year.quotientAndRemainder(dividingBy: 100)
        let (leaps, leapRest) = century.quotientAndRemainder(dividingBy: 4)
        let correction = (century - (century + 8) / 25 + 1) / 3
        let epact = (19 * golden + century - leaps - correction + 15) % 30
        let weekday = (32 + 2 * leapRest + 2 * (rest / 4) - epact - rest % 4) % 7
        let shift = (golden + 11 * epact + 22 * weekday) / 451
        let (month, day) = (epact + weekday - 7 * shift + 114).quotientAndRemainder(dividingBy: 31)
        return CalendarDay(year: year, month: month, day: day + 1)
    }
}
