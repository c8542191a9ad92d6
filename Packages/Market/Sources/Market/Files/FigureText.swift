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

    /// Reads a figure; its magnitude is below 10^38 units. The scale is at most 18.
    static func parse(_ text: String, scale: Int) throws(ParseError) -> Figure {
        guard !text.isEmpty else { throw ParseError(reason: "is empty") }
        var digits: UInt128 = 0
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
                guard significantCount <= 38 else { throw ParseError(reason: "has more than 38 digits") }
                digits = digits * 10 + UInt128(byte - UInt8(ascii: "0"))
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
        let (units, isRounded) = try shifted(digits, by: shift)
        return Figure(units: isNegative ? -Int128(units) : Int128(units), isRounded: isRounded)
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

    /// `digits × 10^shift`, rounded half to even. The digits are below 10^38, and so is the answer.
    private static func shifted(
        _ digits: UInt128, by shift: Int
    ) throws(ParseError) -> (units: UInt128, isRounded: Bool) {
        if digits == 0 { return (0, false) }
        if shift >= 0 {
            var units = digits
            for _ in 0..<shift {
                guard units < largestPower / 10 else { throw ParseError(reason: "is too large") }
                units *= 10
            }
            return (units, false)
        }
        // By 39 places and more, less than a tenth is left.
        guard shift > -39 else { return (0, true) }
        var divisor: UInt128 = 1
        for _ in 0..<(-shift) { divisor *= 10 }
        let (quotient, remainder) = digits.quotientAndRemainder(dividingBy: divisor)
        let rest = divisor - remainder
        let isUp = remainder > rest || (remainder == rest && !quotient.isMultiple(of: 2))
        return (isUp ? quotient + 1 : quotient, remainder != 0)
    }

    /// 10^38, the most that 128 bits hold with room for a sign.
    private static let largestPower: UInt128 = 100_000_000_000_000_000_000_000_000_000_000_000_000
}
