public import ExactTypes
public import Foundation

extension Date {
    /// Reads a moment of RFC 3339, as "2021-09-01T13:30:00.123456Z" or "2021-09-01T15:30:00+02:00".
    ///
    /// Years 1 to 9999, in UTC too, seconds 0 to 59, up to nine decimals, which are rounded to the microseconds
    /// that the database keeps.
    public init(rfc3339 text: some StringProtocol) throws(ParseError) {
        let form = ParseError(reason: "is not a moment like 2021-09-01T13:30:00Z")
        let bytes = Array(text.utf8.prefix(40))
        let colon = UInt8(ascii: ":")
        guard bytes.count >= 20, bytes.count <= 35,
            bytes.dropFirst(10).first.map({ $0 | 0x20 }) == UInt8(ascii: "t"),
            bytes.dropFirst(13).first == colon, bytes.dropFirst(16).first == colon,
            let hour = Self.number(bytes.dropFirst(11).prefix(2)),
            let minute = Self.number(bytes.dropFirst(14).prefix(2)),
            let second = Self.number(bytes.dropFirst(17).prefix(2))
        else { throw form }
        let day = try CalendarDay(parsing: String(decoding: bytes.prefix(10), as: UTF8.self))
        var rest = bytes.dropFirst(19)
        guard let microseconds = Self.readFraction(&rest), let offset = Self.offset(rest) else { throw form }
        guard hour < 24, minute < 60, second < 60 else {
            throw ParseError(reason: "is not a time of the day")
        }
        let seconds = day.secondsSince1970 + hour * 3_600 + minute * 60 + second - offset
        // An offset or the rounding leads out of the years that an answer can show.
        guard Self.seconds.contains(seconds + microseconds / 1_000_000) else {
            throw ParseError(reason: "is outside the years 1 to 9999")
        }
        self.init(timeIntervalSince1970: Double(seconds) + Double(microseconds) / 1_000_000)
    }

    /// Of the years that CalendarDay knows, which are all that RFC 3339 can write but the year 0.
    private static let seconds = -62_135_596_800...253_402_300_799

    /// The moment in UTC with microseconds: "2021-09-01T13:30:00.123456Z".
    public var rfc3339: String {
        var bytes: [UInt8] = []
        appendRFC3339(to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Appends the bytes of ``rfc3339``.
    public func appendRFC3339(to bytes: inout [UInt8]) {
        let microseconds = (timeIntervalSince1970 * 1_000_000).rounded()
        // No date of the database lies outside.
        let bounds = Double(Self.seconds.lowerBound) * 1_000_000...Double(Self.seconds.upperBound) * 1_000_000
        let bounded = Int(min(max(bounds.lowerBound, microseconds), bounds.upperBound))
        let seconds = Int((Double(bounded) / 1_000_000).rounded(.down))
        let fraction = bounded - seconds * 1_000_000
        let day = CalendarDay(utc: Date(timeIntervalSince1970: Double(seconds)))
        let time = seconds - day.secondsSince1970
        day.append(to: &bytes)
        bytes.append(UInt8(ascii: "T"))
        bytes.append(digits: time / 3_600, width: 2)
        bytes.append(UInt8(ascii: ":"))
        bytes.append(digits: time / 60 % 60, width: 2)
        bytes.append(UInt8(ascii: ":"))
        bytes.append(digits: time % 60, width: 2)
        bytes.append(UInt8(ascii: "."))
        bytes.append(digits: fraction, width: 6)
        bytes.append(UInt8(ascii: "Z"))
    }

    /// The microseconds of ".123456789", or 0 where there is no fraction; nil where it is malformed.
    private static func readFraction(_ rest: inout ArraySlice<UInt8>) -> Int? {
        guard rest.first == UInt8(ascii: ".") else { return 0 }
        let digits = rest.dropFirst().prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        guard (1...9).contains(digits.count), let number = number(digits) else { return nil }
        rest = rest.dropFirst(1 + digits.count)
        let nanoseconds = (digits.count..<9).reduce(number) { number, _ in number * 10 }
        return (nanoseconds + 500) / 1_000
    }

    /// The seconds by which "Z" or "+02:00" lies ahead of UTC; nil where it is malformed.
    private static func offset(_ text: ArraySlice<UInt8>) -> Int? {
        if text.count == 1, text.first.map({ $0 | 0x20 }) == UInt8(ascii: "z") { return 0 }
        guard text.count == 6, text.dropFirst(3).first == UInt8(ascii: ":"),
            let hours = number(text.dropFirst().prefix(2)), let minutes = number(text.dropFirst(4)),
            hours < 24, minutes < 60
        else { return nil }
        switch text.first {
        case UInt8(ascii: "+"): return hours * 3_600 + minutes * 60
        case UInt8(ascii: "-"): return -(hours * 3_600 + minutes * 60)
        default: return nil
        }
    }

    private static func number(_ digits: ArraySlice<UInt8>) -> Int? {
        var number = 0
        for digit in digits {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit) else { return nil }
            number = number * 10 + Int(digit - UInt8(ascii: "0"))
        }
        return number
    }
}
