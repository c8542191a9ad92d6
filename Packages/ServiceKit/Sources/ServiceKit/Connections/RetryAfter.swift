import ExactTypes
public import Foundation

/// How long another server asks to be left alone: the field Retry-After of RFC 9110, in seconds or as a moment.
public enum RetryAfter {
    /// The longest pause that is kept. A server that wants more is asked again after it.
    public static let longestSeconds = TimeInterval.days(1)

    /// Seconds from now on, a day at most; nil where the field says nothing that can be kept.
    public static func seconds(_ text: String, at now: Date) -> TimeInterval? {
        let seconds = delay(text) ?? moment(text)?.timeIntervalSince(now)
        guard let seconds, seconds > 0 else { return nil }
        return min(seconds, longestSeconds)
    }

    private static func delay(_ text: String) -> TimeInterval? {
        guard !text.isEmpty, text.utf8.allSatisfy(isDigit) else { return nil }
        // More digits than an Int has are a pause beyond the longest.
        return Int(text).map { TimeInterval($0) } ?? longestSeconds
    }

    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    /// The one form that is written today: `Sun, 06 Nov 1994 08:49:37 GMT`.
    private static func moment(_ text: String) -> Date? {
        var words = text.split(separator: " ", omittingEmptySubsequences: false)
        guard text.utf8.count == 29, words.count == 6, words.popLast() == "GMT",
            let clock = words.popLast(), let year = words.popLast().flatMap({ number($0, digits: 4) }),
            let month = words.popLast().flatMap({ months.firstIndex(of: String($0)) }),
            let day = words.popLast().flatMap({ number($0, digits: 2) }),
            let date = CalendarDay(year: year, month: month + 1, day: day),
            let ofDay = seconds(ofClock: clock)
        else { return nil }
        return Date(timeIntervalSince1970: TimeInterval(date.secondsSince1970 + ofDay))
    }

    /// Of `08:49:37`, since midnight.
    private static func seconds(ofClock text: Substring) -> Int? {
        var parts = text.split(separator: ":", omittingEmptySubsequences: false).map { number($0, digits: 2) }
        guard parts.count == 3, let second = parts.popLast() ?? nil, let minute = parts.popLast() ?? nil,
            let hour = parts.popLast() ?? nil, hour < 24, minute < 60, second <= 60
        else { return nil }
        return hour * 3_600 + minute * 60 + second
    }

    private static func number(_ text: Substring, digits: Int) -> Int? {
        text.utf8.count == digits && text.utf8.allSatisfy(isDigit) ? Int(text) : nil
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }
}
