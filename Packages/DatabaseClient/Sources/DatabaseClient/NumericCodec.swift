/// PostgreSQL's binary `numeric`: base-10000 digits with a weight, a sign and a display scale.
///
/// A value is a whole number of units of 10^-scale, where the scale is from 0 to 18.
enum NumericCodec {
    private static let positive: UInt16 = 0x0000
    private static let negative: UInt16 = 0x4000
    private static let base: UInt64 = 10_000

    /// The words of a header: the number of digits, the weight of the first one, the sign, the scale.
    private static let headerCount = 4
    /// Where the digit of the ones stands while a value is written: the 39 decimal digits of 128 bits make ten of these
    /// before the point, and a scale of 18 makes five behind it.
    private static let onesIndex = headerCount + 9
    private static let wordCount = onesIndex + 1 + 5

    static func encode(_ units: Int128, scale: Int, into bytes: inout [UInt8]) {
        let (whole, rest) = units.magnitude.quotientAndRemainder(dividingBy: UInt128(powersOfTen[scale]))
        withUnsafeTemporaryAllocation(of: UInt16.self, capacity: wordCount) { words in
            words.initialize(repeating: 0)
            write(whole, rest: UInt64(truncatingIfNeeded: rest), scale: scale, to: words)
            let digits = words[headerCount...]
            let first = digits.firstIndex { $0 != 0 } ?? onesIndex
            let last = digits.lastIndex { $0 != 0 } ?? first - 1
            // The header goes right before the first digit, over digits that are zero.
            words[first - 4] = UInt16(last + 1 - first).bigEndian
            words[first - 3] = UInt16(bitPattern: Int16(last < first ? 0 : onesIndex - first)).bigEndian
            words[first - 2] = (units < 0 ? negative : positive).bigEndian
            words[first - 1] = UInt16(scale).bigEndian
            let written = UnsafeBufferPointer(rebasing: words[(first - 4)...last])
            bytes.append(contentsOf: UnsafeRawBufferPointer(written))
        }
    }

    private static func write(
        _ whole: UInt128, rest: UInt64, scale: Int, to words: UnsafeMutableBufferPointer<UInt16>
    ) {
        var place = onesIndex
        func prepend(_ digit: UInt64) {
            words[place] = UInt16(truncatingIfNeeded: digit).bigEndian
            place -= 1
        }
        // A division of 64 bits is several times faster than one of 128.
        var upper = whole
        while upper > UInt64.max {
            let (quotient, digit) = upper.quotientAndRemainder(dividingBy: UInt128(base))
            prepend(UInt64(truncatingIfNeeded: digit))
            upper = quotient
        }
        var integer = UInt64(truncatingIfNeeded: upper)
        while integer > 0 {
            prepend(integer % base)
            integer /= base
        }
        place = onesIndex + (scale + 3) / 4
        var fraction = rest
        if scale % 4 != 0 {
            // The last digit holds fewer decimals than four, and is filled up with zeros.
            let part = powersOfTen[scale % 4]
            prepend(fraction % part * (base / part))
            fraction /= part
        }
        while fraction > 0 {
            prepend(fraction % base)
            fraction /= base
        }
    }

    /// The value × 10^scale, or nil where it is NaN, infinite, too large, or has more decimals than `scale`.
    static func decode(_ bytes: UnsafeRawBufferPointer, scale: Int) -> Int128? {
        func word(_ index: Int) -> UInt16 {
            UInt16(bigEndian: bytes.loadUnaligned(fromByteOffset: index * 2, as: UInt16.self))
        }
        guard bytes.count >= headerCount * 2 else { return nil }
        let count = Int(word(0))
        let weight = Int(Int16(bitPattern: word(1)))
        let sign = word(2)
        guard sign == positive || sign == negative, bytes.count == (headerCount + count) * 2 else {
            return nil
        }
        // The power of ten that one unit of what is read stands for.
        var exponent = 0
        // First as many digits as 64 bits hold, which are all of most figures: several times faster than 128.
        var first = 0
        var short: UInt64 = 0
        while first < min(count, 4), (weight - first) * 4 >= -scale {
            let digit = UInt64(word(headerCount + first))
            guard digit < base else { return nil }
            short = short &* base &+ digit
            exponent = (weight - first) * 4
            first += 1
        }
        if first == count, (0..<powersOfTen.count).contains(exponent + scale) {
            // Below 10^16 × 10^19.
            let (high, low) = short.multipliedFullWidth(by: powersOfTen[exponent + scale])
            let units = Int128(high) << 64 | Int128(low)
            return sign == negative ? -units : units
        }
        var magnitude = UInt128(short)
        for index in first..<count {
            let digit = UInt64(word(headerCount + index))
            guard digit < base else { return nil }
            exponent = (weight - index) * 4
            let excess = -scale - exponent
            if excess <= 0 {
                guard let sum = appended(digit, to: magnitude, base) else { return nil }
                magnitude = sum
            } else {
                // Decimals beyond the scale must be zeros.
                let part = excess < 4 ? powersOfTen[excess] : base
                guard digit % part == 0, let sum = appended(digit / part, to: magnitude, base / part) else {
                    return nil
                }
                magnitude = sum
                exponent = -scale
            }
        }
        guard let scaled = shifted(magnitude, by: exponent + scale), let units = Int128(exactly: scaled)
        else { return nil }
        return sign == negative ? -units : units
    }

    private static func appended(_ digit: UInt64, to magnitude: UInt128, _ factor: UInt64) -> UInt128? {
        let (product, isOverflow) = magnitude.multipliedReportingOverflow(by: UInt128(factor))
        guard !isOverflow else { return nil }
        let (sum, isSumOverflow) = product.addingReportingOverflow(UInt128(digit))
        return isSumOverflow ? nil : sum
    }

    /// Times a power of ten, which is 1 or more.
    private static func shifted(_ magnitude: UInt128, by exponent: Int) -> UInt128? {
        guard magnitude != 0 else { return 0 }
        // 10^39 does not fit 128 bits.
        guard (0...38).contains(exponent) else { return nil }
        let power = UInt128(powersOfTen[min(exponent, 19)]) * UInt128(powersOfTen[max(0, exponent - 19)])
        let (product, isOverflow) = magnitude.multipliedReportingOverflow(by: power)
        return isOverflow ? nil : product
    }

    private static let powersOfTen: [UInt64] = [
        1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000, 10_000_000_000,
        100_000_000_000, 1_000_000_000_000, 10_000_000_000_000, 100_000_000_000_000, 1_000_000_000_000_000,
        10_000_000_000_000_000, 100_000_000_000_000_000, 1_000_000_000_000_000_000,
        10_000_000_000_000_000_000,
    ]
}
