import ExactTypes
import Foundation
import ServiceKit
import StrictJSON

/// Figures and moments as people's files write them, read exactly.
enum FigureText {
    /// A plain number such as "-12.5" or "2.5e-7", rounded half-even to 18 decimals; one of which nothing would be
    /// left is refused. With `decimalComma`, as files have it that separate fields by semicolons, "12,5" is one, and
    /// a point is refused: it would be a separator of thousands.
    static func decimal(_ text: String, decimalComma: Bool = false) throws(ParseError) -> FixedDecimal {
        guard !decimalComma || !text.contains(".") else {
            throw ParseError(reason: "has a point, where this file writes a decimal comma")
        }
        let point = decimalComma ? text.replacingOccurrences(of: ",", with: ".") : text
        guard isNumber(point) else { throw ParseError(reason: "is not a plain number like 1234.56") }
        guard let number = Decimal(string: point, locale: Locale(identifier: "en_US_POSIX")), !number.isNaN,
            let decimal = try? FixedDecimal(rounding: number)
        else { throw ParseError(reason: "is out of range") }
        guard !decimal.isZero || number.isZero else { throw tooSmall }
        return decimal
    }

    /// A figure that would be kept as 0, and is not 0.
    static let tooSmall = ParseError(reason: "has no digit in the first 18 decimals")

    /// Digits with at most one point, a minus before and an exponent behind them, and at most 38 digits, which
    /// `Decimal` holds exactly.
    static func isNumber(_ text: String) -> Bool {
        let halves = text.lowercased().split(separator: "e", maxSplits: 1, omittingEmptySubsequences: false)
        guard let mantissa = halves.first, isFigure(mantissa, points: 1) else { return false }
        guard let written = halves.dropFirst().first else { return true }
        let exponent = written.first == "+" ? written.dropFirst() : written
        return exponent.count <= 4 && isFigure(exponent, points: 0)
    }

    private static func isFigure(_ text: Substring, points: Int) -> Bool {
        let figure = text.first == "-" ? text.dropFirst() : text
        let digits = figure.utf8.count(where: isDigit)
        let dots = figure.utf8.count { $0 == UInt8(ascii: ".") }
        return (1...38).contains(digits) && dots <= points && digits + dots == figure.utf8.count
    }

    /// A currency of ISO 4217, or a hundredth of one, in which some exchanges quote: 100 pence (GBp) are a pound.
    static func currency(_ text: String) throws(ParseError) -> (Currency, unitsPerCurrency: Int) {
        if let main = hundredths[text] { return (try Currency(parsing: main), 100) }
        return (try Currency(parsing: text), 1)
    }

    /// A figure in hundredths of a currency, in the currency.
    static func quotient(of figure: FixedDecimal, and divisor: Int) throws(ParseError) -> FixedDecimal {
        guard let quotient = try? figure.divided(by: FixedDecimal(divisor)) else {
            throw ParseError(reason: "is out of range")
        }
        guard !quotient.isZero || figure.isZero else { throw tooSmall }
        return quotient
    }

    private static let hundredths = [
        "GBp": "GBP", "GBX": "GBP", "ZAc": "ZAR", "ZAX": "ZAR", "ILA": "ILS", "USX": "USD",
    ]

    /// "2021-09-16", "20210916", "2021-09-16 13:30", "2021-09-16T13:30:00.5+02:00": UTC where no zone is given,
    /// and the day's beginning where no time is.
    static func moment(_ text: String) throws(ParseError) -> Date {
        let form = ParseError(reason: "is not a date like 2021-02-28, nor a time like 2021-02-28T13:30:00Z")
        if text.utf8.count == 8, text.utf8.allSatisfy(isDigit) {
            // Of ASCII digits, each character is one byte.
            let day = "\(text.prefix(4))-\(text.dropFirst(4).prefix(2))-\(text.dropFirst(6))"
            return try CalendarDay(parsing: day).start
        }
        guard text.utf8.count > 10 else { return try CalendarDay(parsing: text).start }
        var time = text.replacingOccurrences(of: " ", with: "T")
        if time.utf8.count == 16 { time += ":00" }
        if time.utf8.count == 19 { time += "Z" }
        guard time.utf8.count >= 20 else { throw form }
        return try Date(rfc3339: time)
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }
}
