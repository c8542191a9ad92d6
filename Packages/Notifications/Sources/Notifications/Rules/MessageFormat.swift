import ExactTypes
import Foundation

/// How numbers and moments are written for a user. Simple on purpose, and the same on every machine: what ICU knows
/// changes with its version, and a message is never rendered again.
struct MessageFormat: Sendable, Hashable {
    private let groupSeparator: String
    private let timeZone: IANATimeZone

    /// - Parameter locale: a BCP 47 tag.
    init(locale: String, timeZone: IANATimeZone) {
        let subtags = locale.split(separator: "-").map { $0.lowercased() }
        let isSwiss = subtags.dropFirst().contains { $0 == "ch" || $0 == "li" }
        groupSeparator =
            switch (subtags.first, isSwiss) {
            case ("de", true): "’"
            case ("de", false): "."
            default: ","
            }
        self.timeZone = timeZone
    }

    /// A whole number in groups of three: 12,500 in English, 12.500 in German, 12’500 in Switzerland.
    func number(_ number: Int) -> String {
        let digits = String(number.magnitude)
        var text = number < 0 ? "-" : ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index) % 3 == 0 { text += groupSeparator }
            text.append(digit)
        }
        return text
    }

    /// A moment by the user's own clock.
    func moment(_ date: Date) -> Moment {
        let (day, minutes) = (timeZone.day(at: date), timeZone.minutes(at: date))
        return Moment(
            year: day.year, month: day.month, day: day.day,
            time: "\(Self.twoDigits(minutes / 60)):\(Self.twoDigits(minutes % 60))",
            timeZone: timeZone.description)
    }

    /// The parts of a moment, which each language puts in its own order.
    struct Moment: Sendable, Hashable {
        let year: Int
        /// From 1.
        let month: Int
        let day: Int
        /// Of 24 hours: `07:05`.
        let time: String
        /// The IANA name.
        let timeZone: String
    }

    private static func twoDigits(_ number: Int) -> String { (number < 10 ? "0" : "") + String(number) }
}
