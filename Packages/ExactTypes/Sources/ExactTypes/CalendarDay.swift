import Foundation

/// A day of the calendar, without a time and without a zone: PostgreSQL's `date`.
///
/// The calendar is the Gregorian one, extended to the past, from 0001-01-01 to 9999-12-31.
public struct CalendarDay: Sendable, Hashable {
    /// 0001-01-01.
    public static let first = CalendarDay(unchecked: -719_162)
    /// 9999-12-31.
    public static let last = CalendarDay(unchecked: 2_932_896)

    /// Days since 1970-01-01; negative before.
    public let daysSince1970: Int32

    /// The day so many days after 1970-01-01; throws `.overflow` outside the years 1 to 9999.
    public init(daysSince1970 days: Int32) throws(ArithmeticError) {
        guard days >= Self.first.daysSince1970, days <= Self.last.daysSince1970 else { throw .overflow }
        daysSince1970 = days
    }

    /// The day with these numbers, or nil where the calendar has no such day.
    public init?(year: Int, month: Int, day: Int) {
        guard (1...9999).contains(year), (1...12).contains(month), day >= 1,
            day <= Self.lengthOfMonth(month, year: year)
        else { return nil }
        daysSince1970 = Self.daysSince1970(year: year, month: month, day: day)
    }

    /// Reads "2021-02-28": four digits, two and two, and a day that the calendar has.
    public init(parsing text: some StringProtocol) throws(ParseError) {
        let bytes = Array(text.utf8.prefix(11))
        let hyphen = UInt8(ascii: "-")
        guard bytes.count == 10, bytes[4] == hyphen, bytes[7] == hyphen,
            let year = Self.number(bytes[0..<4]), let month = Self.number(bytes[5..<7]),
            let day = Self.number(bytes[8..<10])
        else { throw ParseError(reason: "is not a date like 2021-02-28") }
        guard let parsed = CalendarDay(year: year, month: month, day: day) else {
            throw ParseError(reason: "is not a day of the calendar")
        }
        self = parsed
    }

    /// The day in UTC of a moment; a moment outside the years 1 to 9999 gives the first or the last day.
    public init(utc moment: Date) {
        let days = (moment.timeIntervalSince1970 / Double(Self.seconds)).rounded(.down)
        let bounds = Double(Self.first.daysSince1970)...Double(Self.last.daysSince1970)
        // The bound stands first, because `max` keeps its first argument where the second is NaN.
        daysSince1970 = Int32(min(max(bounds.lowerBound, days), bounds.upperBound))
    }

    init(unchecked days: Int32) { daysSince1970 = days }

    /// The day so many days later, or earlier where `days` is negative; throws `.overflow` outside the years 1
    /// to 9999.
    public func advanced(by days: Int) throws(ArithmeticError) -> CalendarDay {
        let (sum, isOverflow) = Int(daysSince1970).addingReportingOverflow(days)
        guard !isOverflow, let days = Int32(exactly: sum) else { throw .overflow }
        return try CalendarDay(daysSince1970: days)
    }

    /// The number of days from this one to the other; negative where the other is earlier.
    public func days(until other: CalendarDay) -> Int {
        Int(other.daysSince1970) - Int(daysSince1970)
    }
}

extension CalendarDay: Comparable {
    /// Orders by time.
    public static func < (left: CalendarDay, right: CalendarDay) -> Bool {
        left.daysSince1970 < right.daysSince1970
    }
}

extension CalendarDay: LosslessStringConvertible {
    /// Reads the ISO 8601 form; nil for anything else.
    public init?(_ description: String) {
        guard let day = try? CalendarDay(parsing: description) else { return nil }
        self = day
    }

    /// The ISO 8601 form: "2021-02-28". `init(parsing:)` reads it back.
    public var description: String {
        let (year, month, day) = civil
        return Self.padded(year, to: 4) + "-" + Self.padded(month, to: 2) + "-" + Self.padded(day, to: 2)
    }

    private static func padded(_ number: Int, to width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }

    /// The number that ASCII digits write, or nil where one of them is none.
    private static func number(_ digits: ArraySlice<UInt8>) -> Int? {
        var number = 0
        for digit in digits {
            guard digit >= UInt8(ascii: "0"), digit <= UInt8(ascii: "9") else { return nil }
            number = number * 10 + Int(digit - UInt8(ascii: "0"))
        }
        return number
    }
}

extension CalendarDay: Codable {
    /// Reads the ISO form from a string.
    public init(from decoder: any Decoder) throws {
        self = try decoder.decodeText { text throws(ParseError) in try CalendarDay(parsing: text) }
    }

    /// Writes the ISO form as a string.
    public func encode(to encoder: any Encoder) throws { try encoder.encodeText(self) }
}
