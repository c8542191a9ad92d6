/// A time of the day as a person writes it, `22:30`, in minutes after midnight.
enum TimeOfDay {
    /// - Returns: from 0 to 1439; nil for any other text.
    static func minutes(_ text: String) -> Int? {
        let parts = text.utf8.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
        guard parts.count == 2, let hour = parts.first.flatMap(number),
            let minute = parts.last.flatMap(number)
        else { return nil }
        return hour < 24 && minute < 60 ? hour * 60 + minute : nil
    }

    /// Two ASCII digits.
    private static func number(_ text: Substring.UTF8View.SubSequence) -> Int? {
        text.count == 2 && text.allSatisfy((UInt8(ascii: "0")...UInt8(ascii: "9")).contains)
            ? Int(Substring(text)) : nil
    }

    static func text(_ minutes: Int) -> String {
        func padded(_ number: Int) -> String { (number < 10 ? "0" : "") + String(number) }
        return "\(padded(minutes / 60)):\(padded(minutes % 60))"
    }
}
