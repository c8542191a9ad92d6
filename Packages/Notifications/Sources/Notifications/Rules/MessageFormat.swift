import Foundation

/// How numbers and moments are written for a user. Simple on purpose, and the same on every machine: what ICU knows
/// changes with its version, and a message is never rendered again.
struct MessageFormat: Sendable, Hashable {
    private let groupSeparator: String
    private let timeZone: TimeZone

    /// - Parameters:
    ///   - locale: a BCP 47 tag.
    ///   - timeZone: an IANA name; UTC where it is unknown.
    init(locale: String, timeZone: String) {
        let subtags = locale.split(separator: "-").map { $0.lowercased() }
        let isSwiss = subtags.dropFirst().contains { $0 == "ch" || $0 == "li" }
        groupSeparator =
            switch (subtags.first, isSwiss) {
            case ("de", true): "’"
            case ("de", false): "."
            default: ","
            }
        self.timeZone = TimeZone(identifier: timeZone) ?? .gmt
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
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = timeZone
        let parts = calendar.dateComponents([.year, .month, .day, .hour, .minute], from: date)
        return Moment(
            year: parts.year ?? 1970, month: parts.month ?? 1, day: parts.day ?? 1,
            time: "\(Self.twoDigits(parts.hour ?? 0)):\(Self.twoDigits(parts.minute ?? 0))",
            timeZone: timeZone.identifier)
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
