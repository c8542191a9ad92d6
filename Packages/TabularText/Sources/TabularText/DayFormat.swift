public import ExactTypes
public import Foundation

/// How a file writes days and moments.
///
/// Days in the order of the file, with points, slashes or hyphens between the numbers; with the year first;
/// as eight digits; with the English name of the month. Times of 24 hours, or of 12 with AM and PM, to any
/// fraction of a second, which is rounded to microseconds; with an offset (Z, +02:00, +0200, +02, UTC), or
/// without one by the clock of the zone.
public struct DayFormat: Sendable, Hashable {
    /// The order of a day's numbers; nil where no day of the file needs it.
    public let order: DayOrder?
    /// Where a moment is, whose text says no offset.
    public let zone: IANATimeZone

    public init(order: DayOrder?, zone: IANATimeZone) {
        self.order = order
        self.zone = zone
    }

    /// The day as it is written; a time behind it must be one, and does not change the day.
    public func day(_ text: String) throws(ParseError) -> CalendarDay {
        if let day = try? CalendarDay(parsing: text) { return day }
        let shape = try DayShape(text)
        _ = try TimeShape(shape.rest)
        return try day(of: shape)
    }

    /// A moment; without a time, the one at which the day begins in the zone.
    public func moment(_ text: String) throws(ParseError) -> Date {
        let shape = try DayShape(text)
        let day = try day(of: shape)
        guard let time = try TimeShape(shape.rest) else { return zone.start(of: day) }
        let moment: Date
        if let offset = time.offsetSeconds {
            moment = day.start.addingTimeInterval(Double(time.seconds - offset))
        } else {
            // A minute of the clock has sixty seconds in every zone, and may be the 1,440th.
            let minutes = time.seconds / 60
            let date = minutes < 1_440 ? day : try next(day)
            moment = zone.first(minutes % 1_440, of: date).addingTimeInterval(Double(time.seconds % 60))
        }
        guard moment >= CalendarDay.first.start, moment < CalendarDay.last.start.addingTimeInterval(.days(1)),
            !time.isLeapSecond || CalendarDay(utc: moment).start == moment
        else { throw ParseError(reason: "is not a time of the day") }
        return moment.addingTimeInterval(Double(time.microseconds) / 1_000_000)
    }

    private func next(_ day: CalendarDay) throws(ParseError) -> CalendarDay {
        guard let next = try? day.advanced(by: 1) else {
            throw ParseError(reason: "is outside the years 1 to 9999")
        }
        return next
    }

    private func day(of shape: DayShape) throws(ParseError) -> CalendarDay {
        if let day = shape.plainDay { return day }
        guard let order else { throw DayShape.malformed }
        guard let day = shape.days[order] else {
            throw ParseError(reason: "is not a day in the order \(order.rawValue)")
        }
        return day
    }
}

/// The time behind a day.
private struct TimeShape {
    /// Since the beginning of the day; 86,400 at its end.
    private(set) var seconds = 0
    private(set) var microseconds = 0
    private(set) var isLeapSecond = false
    /// Nil where the text says none.
    private(set) var offsetSeconds: Int?

    /// Nil where nothing stands behind the day.
    init?(_ text: Substring.UTF8View) throws(ParseError) {
        guard let separator = text.first else { return nil }
        // "T", a space, or as some brokers write, a comma or a semicolon.
        guard "Tt ,;".utf8.contains(separator) else { throw DayShape.malformed }
        var rest = text.dropFirst()
        Self.dropSpaces(&rest)
        try readClock(&rest)
        Self.dropSpaces(&rest)
        offsetSeconds = try Self.offset(rest)
    }

    private static func dropSpaces(_ rest: inout Substring.UTF8View) {
        while rest.first == UInt8(ascii: " ") { rest = rest.dropFirst() }
    }

    private static let noTime = ParseError(reason: "is not a time of the day")

    /// "13:30", "13:30:05.25", "133005", "1:30 PM".
    private mutating func readClock(_ rest: inout Substring.UTF8View) throws(ParseError) {
        let digits = Self.digits(&rest)
        var (hour, minute, second) = (0, 0, 0)
        var hasSeconds = false
        if digits.count == 4 || digits.count == 6 {
            (hour, minute) = (Self.number(digits.prefix(2)), Self.number(digits.dropFirst(2).prefix(2)))
            second = Self.number(digits.dropFirst(4))
            hasSeconds = digits.count == 6
        } else {
            guard (1...2).contains(digits.count), rest.first == UInt8(ascii: ":") else {
                throw DayShape.malformed
            }
            rest = rest.dropFirst()
            let minutes = Self.digits(&rest)
            guard minutes.count == 2 else { throw DayShape.malformed }
            (hour, minute) = (Self.number(digits), Self.number(minutes))
            if rest.first == UInt8(ascii: ":") {
                rest = rest.dropFirst()
                let seconds = Self.digits(&rest)
                guard seconds.count == 2 else { throw DayShape.malformed }
                second = Self.number(seconds)
                hasSeconds = true
            }
        }
        if hasSeconds { microseconds = try Self.fraction(&rest) }
        if let isAfternoon = Self.half(&rest) {
            guard (1...12).contains(hour) else { throw Self.noTime }
            hour = hour % 12 + (isAfternoon ? 12 : 0)
        }
        // The end of a day is its 24:00 too; a leap second is the sixtieth, and the moment behind it.
        let isEnd = hour == 24 && minute == 0 && second == 0 && microseconds == 0
        isLeapSecond = second == 60
        guard hour < 24 || isEnd, minute < 60, second < 60 || isLeapSecond && microseconds == 0 else {
            throw Self.noTime
        }
        seconds = hour * 3_600 + minute * 60 + second
    }

    /// Up to seven digits, which is more than any part of a time has.
    private static func digits(_ rest: inout Substring.UTF8View) -> Substring.UTF8View {
        let digits = rest.prefix(7).prefix(while: DayShape.isDigit)
        rest = rest.dropFirst(digits.count)
        return digits
    }

    private static func number(_ digits: Substring.UTF8View) -> Int {
        digits.reduce(0) { $0 * 10 + Int($1 - 48) }
    }

    /// The microseconds of ".123456789" or ",5", rounded half up.
    private static func fraction(_ rest: inout Substring.UTF8View) throws(ParseError) -> Int {
        guard let mark = rest.first, mark == UInt8(ascii: ".") || mark == UInt8(ascii: ",") else { return 0 }
        let digits = rest.dropFirst().prefix(while: DayShape.isDigit)
        guard !digits.isEmpty else { throw DayShape.malformed }
        rest = rest.dropFirst(1 + digits.count)
        let seven = (0..<7).reduce(into: (number: 0, digits: digits)) { read, _ in
            read.number = read.number * 10 + (read.digits.popFirst().map { Int($0 - 48) } ?? 0)
        }
        return (seven.number + 5) / 10
    }

    /// Whether it is "PM" rather than "AM"; nil where it is neither.
    private static func half(_ rest: inout Substring.UTF8View) -> Bool? {
        var text = rest
        dropSpaces(&text)
        let letters = text.prefix(2).map { $0 | 0x20 }
        guard letters == Array("am".utf8) || letters == Array("pm".utf8) else { return nil }
        rest = text.dropFirst(2)
        return letters.first == UInt8(ascii: "p")
    }

    /// The seconds ahead of UTC that "Z", "UTC", "GMT", "+02:00", "+0200" or "-02" says; nil for nothing.
    private static func offset(_ text: Substring.UTF8View) throws(ParseError) -> Int? {
        guard let first = text.first else { return nil }
        let name = String(decoding: text.prefix(4), as: UTF8.self).uppercased()
        if ["Z", "UTC", "GMT"].contains(name) { return 0 }
        guard first == UInt8(ascii: "+") || first == UInt8(ascii: "-") else { throw DayShape.malformed }
        var rest = text.dropFirst()
        let hours = digits(&rest)
        var minutes = hours.dropFirst(2)
        if hours.count == 2, rest.first == UInt8(ascii: ":") {
            rest = rest.dropFirst()
            minutes = digits(&rest)
            guard minutes.count == 2 else { throw DayShape.malformed }
        }
        guard rest.isEmpty, hours.count == 2 || hours.count == 4 else { throw DayShape.malformed }
        let (hour, minute) = (number(hours.prefix(2)), number(minutes))
        guard hour < 24, minute < 60 else { throw noTime }
        let seconds = hour * 3_600 + minute * 60
        return first == UInt8(ascii: "-") ? -seconds : seconds
    }
}
