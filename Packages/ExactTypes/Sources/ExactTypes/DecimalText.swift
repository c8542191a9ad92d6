/// The plain decimal notation that is read and written: an optional minus, digits, and where there are
/// decimals a point and digits. No exponent, no plus, no spaces, no separators.
enum DecimalText {
    /// Reads a text as a whole number of units of 10^-scale; the scale is at most 18, and with the integer digits at
    /// most 38.
    ///
    /// It takes a String, since a generic text would be read byte by byte through its witnesses.
    static func units(
        _ text: String, scale: Int, integerDigits: Int
    ) throws(ParseError) -> Int128 {
        var reader = Reader(scale: scale, integerDigits: integerDigits)
        var position = 0
        for byte in text.utf8 {
            try reader.read(byte, at: position)
            position += 1
        }
        guard reader.integerCount > 0, reader.decimalCount != 0 else {
            throw ParseError(reason: position == 0 ? "is empty" : "is not a plain decimal number")
        }
        // The decimals are below 10^18, and the whole is below 10^38: nothing here can leave its type.
        let decimals = reader.decimals &* powersOfTen[scale - (reader.decimalCount ?? 0)]
        let units = reader.integer * Int128(powersOfTen[scale]) + Int128(decimals)
        return reader.isNegative ? -units : units
    }

    private struct Reader {
        let scale: Int
        let integerDigits: Int
        var isNegative = false
        var integer: Int128 = 0
        var decimals: UInt64 = 0
        var integerCount = 0
        /// Nil before the point.
        var decimalCount: Int?

        mutating func read(_ byte: UInt8, at position: Int) throws(ParseError) {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"):
                let digit = byte - UInt8(ascii: "0")
                if let count = decimalCount {
                    guard count < scale else { throw ParseError(reason: "has more than \(scale) decimals") }
                    decimalCount = count + 1
                    decimals = decimals &* 10 &+ UInt64(digit)
                } else {
                    integerCount += 1
                    guard integerCount <= integerDigits else {
                        throw ParseError(reason: "has more than \(integerDigits) digits before the point")
                    }
                    integer = integer &* 10 &+ Int128(digit)
                }
            case UInt8(ascii: "-") where position == 0:
                isNegative = true
            case UInt8(ascii: ".") where decimalCount == nil && integerCount > 0:
                decimalCount = 0
            default:
                throw ParseError(reason: "is not a plain decimal number")
            }
        }
    }

    /// The shortest plain form: "139.75", "4", "-0.5". The scale is at most 18.
    static func text(units: Int128, scale: Int) -> String {
        String(unsafeUninitializedCapacity: longestForm) { write(units: units, scale: scale, to: $0) }
    }

    /// Appends the shortest plain form. The scale is at most 18.
    static func append(units: Int128, scale: Int, to bytes: inout [UInt8]) {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: longestForm) { buffer in
            let count = write(units: units, scale: scale, to: buffer)
            bytes.append(contentsOf: buffer.prefix(count))
        }
    }

    /// 39 digits of 128 bits, a sign, a point, and the zero before it.
    private static let longestForm = 42

    /// Writes the shortest plain form to the start of the buffer, from its end forwards; gives the number of bytes.
    private static func write(
        units: Int128, scale: Int, to buffer: UnsafeMutableBufferPointer<UInt8>
    ) -> Int {
        let (whole, rest) = units.magnitude.quotientAndRemainder(dividingBy: UInt128(powersOfTen[scale]))
        var place = buffer.count
        func prepend(_ byte: UInt8) {
            place -= 1
            buffer[place] = byte
        }
        var decimals = UInt64(truncatingIfNeeded: rest)
        if decimals != 0 {
            var left = scale
            while decimals % 10 == 0 {
                decimals /= 10
                left -= 1
            }
            for _ in 0..<left {
                prepend(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: decimals % 10))
                decimals /= 10
            }
            prepend(UInt8(ascii: "."))
        }
        // A division of 64 bits is several times faster than one of 128; the loop leaves 19 digits to it.
        var upper = whole
        while upper > UInt64.max {
            let (quotient, digit) = upper.quotientAndRemainder(dividingBy: 10)
            prepend(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: digit))
            upper = quotient
        }
        var integer = UInt64(truncatingIfNeeded: upper)
        repeat {
            prepend(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: integer % 10))
            integer /= 10
        } while integer != 0
        if units < 0 { prepend(UInt8(ascii: "-")) }
        let count = buffer.count - place
        for index in 0..<count { buffer[index] = buffer[place + index] }
        return count
    }

    /// 10^exponent, for exponents from 0 to 18.
    static func powerOfTen(_ exponent: Int) -> Int128 { Int128(powersOfTen[exponent]) }

    private static let powersOfTen: [UInt64] = [
        1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000, 10_000_000_000,
        100_000_000_000, 1_000_000_000_000, 10_000_000_000_000, 100_000_000_000_000, 1_000_000_000_000_000,
        10_000_000_000_000_000, 100_000_000_000_000_000, 1_000_000_000_000_000_000,
    ]
}
