import ExactTypes

/// The order in which a day's numbers are written.
public enum DayOrder: String, Sendable, CaseIterable, Comparable {
    case dayMonthYear = "dmy"
    case monthDayYear = "mdy"
    case yearMonthDay = "ymd"

    public static func < (left: DayOrder, right: DayOrder) -> Bool { left.rawValue < right.rawValue }
}

/// A day as it is written, before it is decided which of its numbers is the month.
struct DayShape {
    /// The one day that the text means in every order, as where the year stands first or the month has a name.
    let plainDay: CalendarDay?
    /// Else the days that it can mean, by the order of its numbers.
    let days: [DayOrder: CalendarDay]
    /// Whether points separate the numbers, before which hardly anyone writes the month.
    let isDotted: Bool
    /// What stands behind the day.
    let rest: Substring.UTF8View

    static let malformed = ParseError(
        reason: "is not a date like 2021-02-28, nor a time like 2021-02-28T13:30:00Z")

    init(_ text: String) throws(ParseError) {
        var rest = Substring(text).utf8
        Self.dropWeekday(&rest)
        if let day = Self.compact(&rest) {
            self.init(plain: try Self.checked(day), rest)
            return
        }
        guard let first = Part(&rest), let separator = Separator(&rest), let second = Part(&rest),
            let other = Separator(&rest), let third = Part(&rest)
        else { throw Self.malformed }
        switch (first, second, third) {
        case (.number(let year, 4), .number(let month, 1...2), .number(let day, 1...2))
        where separator == other:
            self.init(plain: try Self.checked(CalendarDay(year: year, month: month, day: day)), rest)
        case (.number(let day, 1...2), .month(let month), .number(let year, let digits)),
            (.month(let month), .number(let day, 1...2), .number(let year, let digits)):
            let day = CalendarDay(year: try Self.year(year, digits), month: month, day: day)
            self.init(plain: try Self.checked(day), rest)
        case (.number(let year, 4), .month(let month), .number(let day, 1...2)):
            self.init(plain: try Self.checked(CalendarDay(year: year, month: month, day: day)), rest)
        case (.number(let first, 1...2), .number(let second, 1...2), .number(let third, let digits))
        where separator == other && separator != .space && separator != .comma:
            let year = try Self.year(third, digits)
            var days: [DayOrder: CalendarDay] = [:]
            days[.dayMonthYear] = CalendarDay(year: year, month: second, day: first)
            days[.monthDayYear] = CalendarDay(year: year, month: first, day: second)
            if digits == 2 {
                days[.yearMonthDay] = CalendarDay(year: try Self.year(first, 2), month: second, day: third)
            }
            guard !days.isEmpty else { throw Self.noDay }
            self.init(days: days, isDotted: separator == .point, rest)
        default:
            throw Self.malformed
        }
    }

    private init(plain day: CalendarDay, _ rest: Substring.UTF8View) {
        plainDay = day
        days = [:]
        isDotted = false
        self.rest = rest
    }

    private init(days: [DayOrder: CalendarDay], isDotted: Bool, _ rest: Substring.UTF8View) {
        plainDay = nil
        self.days = days
        self.isDotted = isDotted
        self.rest = rest
    }

    private static let noDay = ParseError(reason: "is not a day of the calendar")

    private static func checked(_ day: CalendarDay?) throws(ParseError) -> CalendarDay {
        guard let day else { throw noDay }
        return day
    }

    /// Of two digits, 69 to 99 are of the twentieth century and 00 to 68 of the next, as POSIX reads them.
    private static func year(_ number: Int, _ digits: Int) throws(ParseError) -> Int {
        switch digits {
        case 4: number
        case 2: number >= 69 ? 1_900 + number : 2_000 + number
        default: throw malformed
        }
    }

    /// "Thu, " before a day says nothing that the day does not.
    private static func dropWeekday(_ rest: inout Substring.UTF8View) {
        let letters = rest.prefix(while: isLetter)
        let name = String(decoding: letters.prefix(10), as: UTF8.self).lowercased()
        let names = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
        guard name.utf8.count >= 3, names.contains(where: { $0 == name || $0.prefix(3) == name }) else {
            return
        }
        var after = rest.dropFirst(letters.count)
        if after.first == UInt8(ascii: ",") { after = after.dropFirst() }
        while after.first == UInt8(ascii: " ") { after = after.dropFirst() }
        rest = after
    }

    /// "20210916", with nothing behind it that would make it a longer number.
    private static func compact(_ rest: inout Substring.UTF8View) -> CalendarDay?? {
        let digits = rest.prefix(9).prefix(while: isDigit)
        guard digits.count == 8 else { return nil }
        let number = digits.reduce(0) { $0 * 10 + Int($1 - 48) }
        rest = rest.dropFirst(8)
        return .some(CalendarDay(year: number / 10_000, month: number / 100 % 100, day: number % 100))
    }

    static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

    private static func isLetter(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
    }
}

extension DayShape {
    private enum Part {
        case number(Int, Int)
        case month(Int)

        /// A number of up to four digits, or the English name of a month, whole or by its first three
        /// letters.
        init?(_ rest: inout Substring.UTF8View) {
            let digits = rest.prefix(5).prefix(while: isDigit)
            if !digits.isEmpty {
                guard digits.count <= 4 else { return nil }
                self = .number(digits.reduce(0) { $0 * 10 + Int($1 - 48) }, digits.count)
                rest = rest.dropFirst(digits.count)
                return
            }
            let letters = rest.prefix(10).prefix(while: isLetter)
            let name = String(decoding: letters, as: UTF8.self).lowercased()
            let month = Self.months.firstIndex {
                $0 == name || $0.prefix(3) == name || ($0, name) == ("september", "sept")
            }
            guard let month, name.utf8.count >= 3 else { return nil }
            self = .month(month + 1)
            rest = rest.dropFirst(letters.count)
        }

        private static let months = [
            "january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
            "november", "december",
        ]
    }

    private enum Separator {
        case hyphen, slash, point, comma, space

        init?(_ rest: inout Substring.UTF8View) {
            switch rest.first {
            case UInt8(ascii: "-"): self = .hyphen
            case UInt8(ascii: "/"): self = .slash
            case UInt8(ascii: "."): self = .point
            case UInt8(ascii: ","): self = .comma
            case UInt8(ascii: " "): self = .space
            default: return nil
            }
            rest = rest.dropFirst()
            // "16. 9. 2021", "Sep 16, 2021"
            if self != .hyphen, self != .slash {
                while rest.first == UInt8(ascii: " ") { rest = rest.dropFirst() }
            }
        }
    }
}
