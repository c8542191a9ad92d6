import ExactTypes

/// A figure as vendors' files write it, read exactly.
///
/// Digits with at most one point, a minus before and an exponent behind them: "104.0599975585938", "2.23519e+07".
/// No other sign or separator. More decimals than are stored are rounded half to even, and that is told.
enum FigureText {
    /// A figure in units of 10^-scale.
    struct Figure: Equatable {
        let units: Int128
        let isRounded: Bool
    }

    /// Reads a figure; its magnitude is below 10^24 units.
    static func parse(_ text: String, scale: Int) throws(ParseError) -> Figure {
        guard !text.isEmpty else { throw ParseError(reason: "is empty") }
        var digits: Int128 = 0
        var digitCount = 0
        var significantCount = 0
        var decimals: Int?
        var rest = Substring(text).utf8
        let isNegative = rest.first == UInt8(ascii: "-")
        if isNegative { rest = rest.dropFirst() }
        scan: while let byte = rest.first {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"):
                digitCount += 1
                if significantCount > 0 || byte != UInt8(ascii: "0") { significantCount += 1 }
                guard significantCount <= 24 else { throw ParseError(reason: "has more than 24 digits") }
                digits = digits * 10 + Int128(byte - UInt8(ascii: "0"))
                decimals = decimals.map { $0 + 1 }
            case UInt8(ascii: ".") where decimals == nil:
                decimals = 0
            case UInt8(ascii: "e"), UInt8(ascii: "E"):
                break scan
            default:
                throw ParseError(reason: "is not a number")
            }
            rest = rest.dropFirst()
        }
        guard digitCount > 0 else { throw ParseError(reason: "is not a number") }
        let shift = try exponent(rest) - (decimals ?? 0) + scale
        let figure = try shifted(digits, by: shift)
        return isNegative ? Figure(units: -figure.units, isRounded: figure.isRounded) : figure
    }

    /// What follows the "e", or 0 where there is none.
    private static func exponent(_ text: Substring.UTF8View) throws(ParseError) -> Int {
        guard !text.isEmpty else { return 0 }
        var digits = text.dropFirst()
        let isNegative = digits.first == UInt8(ascii: "-")
        if isNegative || digits.first == UInt8(ascii: "+") { digits = digits.dropFirst() }
        guard (1...4).contains(digits.count) else { throw ParseError(reason: "is not a number") }
        var exponent = 0
        for byte in digits {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else {
                throw ParseError(reason: "is not a number")
            }
            exponent = exponent * 10 + Int(byte - UInt8(ascii: "0"))
        }
        return isNegative ? -exponent : exponent
    }

    /// `digits × 10^shift`, rounded half to even.
    private static func shifted(_ digits: Int128, by shift: Int) throws(ParseError) -> Figure {
        if digits == 0 { return Figure(units: 0, isRounded: false) }
        if shift >= 0 {
            var units = digits
            for _ in 0..<shift {
                units *= 10
                guard units < 1_000_000_000_000_000_000_000_000 else {
                    throw ParseError(reason: "is too large")
                }
            }
            return Figure(units: units, isRounded: false)
        }
        // The digits are below 10^24: by 26 places and more, nothing is left of them.
        guard shift > -26 else { return Figure(units: 0, isRounded: true) }
        var divisor: Int128 = 1
        for _ in 0..<(-shift) { divisor *= 10 }
        let (quotient, remainder) = digits.quotientAndRemainder(dividingBy: divisor)
        let isUp = 2 * remainder > divisor || (2 * remainder == divisor && !quotient.isMultiple(of: 2))
        return Figure(units: isUp ? quotient + 1 : quotient, isRounded: remainder != 0)
    }
}
