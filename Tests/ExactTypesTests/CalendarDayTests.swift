import ExactTypes
import Foundation
import Testing

@Suite struct CalendarDayTests {
    @Test(arguments: [
        ("1970-01-01", 0), ("1969-12-31", -1), ("2000-02-29", 11_016), ("2000-03-01", 11_017),
        ("0001-01-01", -719_162), ("9999-12-31", 2_932_896), ("1900-03-01", -25_508),
    ])
    func parsesAndPrints(text: String, days: Int32) throws {
        let day = try CalendarDay(parsing: text)
        #expect(day.daysSince1970 == days)
        #expect(day.description == text)
    }

    @Test(arguments: [
        "2021-02-30", "2021-02-29", "1900-02-29", "2021-13-01", "2021-00-10", "2021-04-31", "2021-01-00",
        "0000-01-01", "2021-01-32",
    ])
    func refusesDaysThatTheCalendarDoesNotHave(text: String) {
        #expect(throws: ParseError(reason: "is not a day of the calendar")) { try CalendarDay(parsing: text) }
    }

    @Test(arguments: [
        "", "2021-2-03", "2021-02-3", "20210203", "2021/02/03", "2021-02-03T00:00:00Z", "2021-02-03 ",
        " 2021-02-03", "-2021-02-03", "+021-02-03", "02021-02-03", "2021-02-0３", "2021-02-3\0", "10000-01-01",
    ])
    func refusesOtherForms(text: String) {
        #expect(throws: ParseError(reason: "is not a date like 2021-02-28")) {
            try CalendarDay(parsing: text)
        }
    }

    /// Every day there is: each follows the one before it as the calendar's months and leap years say.
    @Test func countsEveryDayOfTenThousandYears() throws {
        var days: Int32 = CalendarDay.first.daysSince1970
        for year in 1...9999 {
            let isLeap = year % 400 == 0 || (year % 4 == 0 && year % 100 != 0)
            let lengths = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
            for (month, length) in zip(1...12, lengths) {
                for dayOfMonth in 1...length {
                    let day = CalendarDay(year: year, month: month, day: dayOfMonth)
                    guard let day, day.daysSince1970 == days,
                        (day.year, day.month, day.day) == (year, month, dayOfMonth)
                    else {
                        Issue.record("\(year)-\(month)-\(dayOfMonth) is not day \(days)")
                        return
                    }
                    days += 1
                }
                #expect(CalendarDay(year: year, month: month, day: length + 1) == nil)
            }
        }
        #expect(days - 1 == CalendarDay.last.daysSince1970)
    }

    /// From 1583, because before it Foundation's calendar counts in Julian years.
    @Test func agreesWithFoundation() throws {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .gmt
        var generator = SeededGenerator(seed: 31)
        for _ in 0..<5_000 {
            let seconds = Double.random(in: -12_212_553_600...253_402_300_799, using: &generator)
            let moment = Date(timeIntervalSince1970: seconds)
            let expected = calendar.dateComponents([.year, .month, .day], from: moment)
            let day = CalendarDay(utc: moment)
            #expect(day.year == expected.year)
            #expect(day.month == expected.month)
            #expect(day.day == expected.day)
        }
    }

    @Test(arguments: [
        (-0.5, "1969-12-31"), (0, "1970-01-01"), (86_399.999, "1970-01-01"), (86_400, "1970-01-02"),
        (-1e300, "0001-01-01"), (1e300, "9999-12-31"), (.infinity, "9999-12-31"), (.nan, "0001-01-01"),
    ])
    func takesTheDayInUTC(seconds: Double, expected: String) {
        #expect(CalendarDay(utc: Date(timeIntervalSince1970: seconds)).description == expected)
    }

    @Test func advancesAndCountsBack() throws {
        var generator = SeededGenerator(seed: 32)
        for _ in 0..<10_000 {
            let left = try CalendarDay(daysSince1970: .random(in: -719_162...2_932_896, using: &generator))
            let right = try CalendarDay(daysSince1970: .random(in: -719_162...2_932_896, using: &generator))
            #expect(try left.advanced(by: left.days(until: right)) == right)
            #expect((left < right) == (left.days(until: right) > 0))
            #expect(try CalendarDay(parsing: left.description) == left)
        }
    }

    @Test func weeksBeginOnMonday() throws {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .gmt
        var generator = SeededGenerator(seed: 33)
        for _ in 0..<5_000 {
            // From 1583, because before it Foundation's calendar counts in Julian years.
            let day = try CalendarDay(daysSince1970: .random(in: -141_000...2_932_896, using: &generator))
            // Foundation counts from Sunday, as 1.
            #expect(day.weekday.rawValue % 7 + 1 == calendar.component(.weekday, from: day.start), "\(day)")
            #expect(day.monday.weekday == .monday)
            #expect((0...6).contains(day.monday.days(until: day)))
        }
        #expect(CalendarDay.first.weekday == .monday && CalendarDay.first.monday == .first)
        #expect(CalendarDay.last.weekday == .friday)
        #expect(try CalendarDay(parsing: "1970-01-01").weekday == .thursday)
    }

    @Test func aDayBeginsAtItsStart() throws {
        var generator = SeededGenerator(seed: 34)
        for _ in 0..<5_000 {
            let day = try CalendarDay(daysSince1970: .random(in: -719_161...2_932_896, using: &generator))
            #expect(CalendarDay(utc: day.start) == day)
            #expect(CalendarDay(utc: day.start.addingTimeInterval(-0.001)) == (try day.advanced(by: -1)))
            #expect(day.start.timeIntervalSince1970 == Double(day.secondsSince1970))
            guard let next = try? day.advanced(by: 3) else { continue }
            #expect(day.start.addingTimeInterval(.days(3)) == next.start)
        }
    }

    @Test func keepsItsRange() {
        #expect(throws: ArithmeticError.overflow) { try CalendarDay.last.advanced(by: 1) }
        #expect(throws: ArithmeticError.overflow) { try CalendarDay.first.advanced(by: -1) }
        #expect(throws: ArithmeticError.overflow) { try CalendarDay.last.advanced(by: .max) }
        #expect(throws: ArithmeticError.overflow) { try CalendarDay.first.advanced(by: .min) }
        for days in [Int32.min, -719_163, 2_932_897, Int32.max] {
            #expect(throws: ArithmeticError.overflow) { try CalendarDay(daysSince1970: days) }
        }
        #expect(CalendarDay(year: .max, month: .max, day: .max) == nil)
    }

    @Test func isAStringInJSON() throws {
        let json = try JSONEncoder().encode([CalendarDay.last])
        #expect(String(decoding: json, as: UTF8.self) == #"["9999-12-31"]"#)
        #expect(try JSONDecoder().decode([CalendarDay].self, from: json) == [.last])
        #expect(throws: DecodingError.self) {
            try JSONDecoder().decode([CalendarDay].self, from: Data(#"["2021-02-30"]"#.utf8))
        }
    }
}
