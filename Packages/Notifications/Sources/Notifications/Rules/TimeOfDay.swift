/// A time of the day as a person writes it, `22:30`, in minutes after midnight.
enum TimeOfDay {
    /// - Returns: from 0 to 1439; nil for any other text.
    static func minutes(_ text: String) -> Int? {
        guard text.utf8.count == 5, text.utf8.dropFirst(2).first == UInt8(ascii: ":"),
            let hour = number(text.utf8.prefix(2)), let minute = number(text.utf8.suffix(2)),
            hour < 24, minute < 60
        else { return nil }
        return hour * 60 + minute
    }

    private static func number(_ digits: Substring.UTF8View) -> Int? {
        digits.reduce(0) { number, digit in
            guard let number, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit) else { return nil }
            return number * 10 + Int(digit - UInt8(ascii: "0"))
        }
    }

    static func text(_ minutes: Int) -> String {
        func padded(_ number: Int) -> String { (number < 10 ? "0" : "") + String(number) }
        return "\(padded(minutes / 60)):\(padded(minutes % 60))"
    }
}
