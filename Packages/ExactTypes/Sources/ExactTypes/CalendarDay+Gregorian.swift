// The arithmetic counts in years that begin on 1 March, so that the leap day is a year's last, and in eras of
// 400 years, after which the calendar repeats: 146,097 days. The method is Howard Hinnant's
// "chrono-Compatible Low-Level Date Algorithms".
extension CalendarDay {
    /// The year, 1 to 9999.
    public var year: Int { civil.year }

    /// The month, 1 to 12.
    public var month: Int { civil.month }

    /// The day of the month, 1 to 31.
    public var day: Int { civil.day }

    /// Days from 0000-03-01, where the eras begin, to 1970-01-01.
    private static let daysFromEraTo1970 = 719_468

    var civil: (year: Int, month: Int, day: Int) {
        // The first day of the year 1 comes after 0000-03-01, so nothing here is negative.
        let days = Int(daysSince1970) + Self.daysFromEraTo1970
        let (era, dayOfEra) = days.quotientAndRemainder(dividingBy: 146_097)
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
        let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        return (era * 400 + yearOfEra + (month <= 2 ? 1 : 0), month, day)
    }

    static func daysSince1970(year: Int, month: Int, day: Int) -> Int32 {
        let yearFromMarch = month <= 2 ? year - 1 : year
        let monthFromMarch = month <= 2 ? month + 9 : month - 3
        let (era, yearOfEra) = yearFromMarch.quotientAndRemainder(dividingBy: 400)
        let dayOfYear = (153 * monthFromMarch + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return Int32(era * 146_097 + dayOfEra - daysFromEraTo1970)
    }

    static func lengthOfMonth(_ month: Int, year: Int) -> Int {
        switch month {
        case 2: (year % 4 == 0 && year % 100 != 0) || year % 400 == 0 ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }
}
