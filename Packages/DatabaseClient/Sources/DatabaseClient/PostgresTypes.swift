import Foundation

/// The fixed object identifiers of built-in types that an array's header names.
enum TypeOID {
    static let bool: UInt32 = 16
    static let int8: UInt32 = 20
    static let int2: UInt32 = 21
    static let int4: UInt32 = 23
    static let text: UInt32 = 25
    static let float8: UInt32 = 701
    static let date: UInt32 = 1082
    static let timestamptz: UInt32 = 1184
    static let numeric: UInt32 = 1700
    static let uuid: UInt32 = 2950
    static let jsonb: UInt32 = 3802
}

/// PostgreSQL counts time from 2000-01-01; Foundation from 2001-01-01; days here from 1970-01-01.
enum PostgresEpoch {
    /// Days from 1970-01-01 to 2000-01-01.
    static let days: Int32 = 10_957
    /// Seconds from 2000-01-01 to 2001-01-01.
    private static let secondsToReferenceDate = 31_622_400.0

    /// Microseconds since 2000-01-01. A `Date` holds the years 1933 to 2069 to a quarter of a microsecond, so
    /// there rounding to the nearest is exact both ways.
    static func microseconds(of date: Date) -> Int64 {
        let value = ((date.timeIntervalSinceReferenceDate + secondsToReferenceDate) * 1_000_000).rounded()
        // Beyond PostgreSQL's range the nearest representable instant is refused by the server in words.
        return Int64(exactly: value) ?? (value < 0 ? .min + 1 : .max - 1)
    }

    static func date(microseconds: Int64) -> Date {
        Date(timeIntervalSinceReferenceDate: Double(microseconds) / 1_000_000 - secondsToReferenceDate)
    }
}

/// PostgreSQL's binary `numeric`: base-10000 digits with a weight, a sign and a display scale.
enum NumericCodec {
    private static let positive: UInt16 = 0x0000
    private static let negative: UInt16 = 0x4000

    static func encode(_ units: Int128, scale: Int, into bytes: inout [UInt8]) {
        // Four decimal digits make one base-10000 digit: the fraction is padded to whole groups.
        let fractionGroups = (scale + 3) / 4
        var magnitude = units.magnitude
        for _ in 0..<(fractionGroups * 4 - scale) { magnitude *= 10 }
        var groups: [Int16] = []
        while magnitude > 0 {
            groups.append(Int16(magnitude % 10_000))
            magnitude /= 10_000
        }
        groups.reverse()
        let weight = groups.count - fractionGroups - 1
        while groups.last == 0 { groups.removeLast() }
        bytes.append(bigEndian: Int16(groups.count))
        bytes.append(bigEndian: Int16(groups.isEmpty ? 0 : weight))
        bytes.append(bigEndian: units < 0 ? negative : positive)
        bytes.append(bigEndian: Int16(scale))
        for group in groups { bytes.append(bigEndian: group) }
    }

    /// The value × 10^scale, or nil where it is NaN, infinite, too large, or has more decimals than `scale`.
    static func decode(_ bytes: UnsafeRawBufferPointer, scale: Int) -> Int128? {
        func word(_ index: Int) -> Int16 {
            Int16(bigEndian: bytes.loadUnaligned(fromByteOffset: index * 2, as: Int16.self))
        }
        guard bytes.count >= 8 else { return nil }
        let count = Int(word(0))
        let weight = Int(word(1))
        let sign = UInt16(bitPattern: word(2))
        guard sign == positive || sign == negative, bytes.count == 8 + count * 2 else { return nil }
        var result: Int128 = 0
        for index in 0..<count {
            let exponent = (weight - index) * 4 + scale
            guard let scaled = shifted(Int128(word(4 + index)), byPowerOfTen: exponent) else { return nil }
            let (sum, overflow) = result.addingReportingOverflow(scaled)
            guard !overflow else { return nil }
            result = sum
        }
        return sign == negative ? -result : result
    }

    private static func shifted(_ value: Int128, byPowerOfTen exponent: Int) -> Int128? {
        var value = value
        if value == 0 { return 0 }
        if exponent >= 0 {
            for _ in 0..<exponent {
                let (product, overflow) = value.multipliedReportingOverflow(by: 10)
                guard !overflow else { return nil }
                value = product
            }
            return value
        }
        for _ in 0..<(-exponent) {
            let (quotient, remainder) = value.quotientAndRemainder(dividingBy: 10)
            guard remainder == 0 else { return nil }
            value = quotient
        }
        return value
    }
}
