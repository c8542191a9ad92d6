/// The plain decimal notation that is read and written: an optional minus, digits, and where there are
/// decimals a point and digits. No exponent, no plus, no spaces, no separators.
enum DecimalText {
    /// Reads a text as a whole number of units of 10^-scale.
    static func units(
        _ text: some StringProtocol, scale: Int, integerDigits: Int
    ) throws(ParseError) -> Int128 {
        var units: Int128 = 0
        var integerCount = 0
        var decimalCount: Int?
        var isNegative = false
        for (position, byte) in text.utf8.enumerated() {
            switch byte {
            case UInt8(ascii: "-") where position == 0:
                isNegative = true
            case UInt8(ascii: ".") where decimalCount == nil && integerCount > 0:
                decimalCount = 0
            case UInt8(ascii: "0")...UInt8(ascii: "9"):
                if let count = decimalCount {
                    guard count < scale else { throw ParseError(reason: "has more than \(scale) decimals") }
                    decimalCount = count + 1
                } else {
                    integerCount += 1
                    guard integerCount <= integerDigits else {
                        throw ParseError(reason: "has more than \(integerDigits) digits before the point")
                    }
                }
                units = units * 10 + Int128(byte - UInt8(ascii: "0"))
            default:
                throw ParseError(reason: "is not a plain decimal number")
            }
        }
        guard integerCount > 0, decimalCount != 0 else {
            throw ParseError(reason: text.isEmpty ? "is empty" : "is not a plain decimal number")
        }
        units *= powerOfTen(scale - (decimalCount ?? 0))
        return isNegative ? -units : units
    }

    /// The shortest plain form: "139.75", "4", "-0.5".
    static func text(units: Int128, scale: Int) -> String {
        let digits = String(units.magnitude)
        let padded = String(repeating: "0", count: max(0, scale + 1 - digits.count)) + digits
        var decimals = padded.suffix(scale)
        while decimals.last == "0" { decimals.removeLast() }
        let sign = units < 0 ? "-" : ""
        return sign + padded.dropLast(scale) + (decimals.isEmpty ? "" : ".") + decimals
    }

    /// 10^exponent, for exponents from 0 to 38.
    static func powerOfTen(_ exponent: Int) -> Int128 {
        var power: Int128 = 1
        for _ in 0..<exponent { power *= 10 }
        return power
    }
}
