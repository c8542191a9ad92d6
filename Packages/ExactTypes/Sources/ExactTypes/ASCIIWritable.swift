public import Foundation

/// A value whose text is ASCII, which it appends to bytes without making a text in between.
///
/// The bytes are those of its description, and none of them is escaped in JSON.
public protocol ASCIIWritable {
    /// Appends the bytes of the text.
    func append(to bytes: inout [UInt8])
}

extension FixedDecimal: ASCIIWritable {
    /// Appends the shortest plain form: `139.75`.
    public func append(to bytes: inout [UInt8]) {
        DecimalText.append(units: units, scale: Self.scale, to: &bytes)
    }
}

extension ExchangeRate: ASCIIWritable {
    /// Appends the shortest plain form: `0.9215`.
    public func append(to bytes: inout [UInt8]) {
        DecimalText.append(units: units, scale: Self.scale, to: &bytes)
    }
}

extension CalendarDay: ASCIIWritable {
    /// Appends the ISO 8601 form: `2021-02-28`.
    public func append(to bytes: inout [UInt8]) {
        let (year, month, day) = civil
        bytes.append(digits: year, width: 4)
        bytes.append(UInt8(ascii: "-"))
        bytes.append(digits: month, width: 2)
        bytes.append(UInt8(ascii: "-"))
        bytes.append(digits: day, width: 2)
    }
}

extension Currency: ASCIIWritable {
    /// Appends the code: `CHF`.
    public func append(to bytes: inout [UInt8]) { bytes.append(contentsOf: code.utf8) }
}

extension UUID: ASCIIWritable {
    /// Appends the 36 characters in lower case, as PostgreSQL writes them.
    public func append(to bytes: inout [UInt8]) {
        withUnsafeBytes(of: uuid) { octets in
            for (index, octet) in octets.enumerated() {
                if index == 4 || index == 6 || index == 8 || index == 10 { bytes.append(UInt8(ascii: "-")) }
                bytes.append(hexadecimalDigit: octet >> 4)
                bytes.append(hexadecimalDigit: octet & 0xF)
            }
        }
    }
}

extension Identifier: ASCIIWritable {
    /// Appends the 36 characters of the UUID in lower case.
    public func append(to bytes: inout [UInt8]) { uuid.append(to: &bytes) }
}

extension [UInt8] {
    /// Appends a number that is not negative in so many digits, the upper ones lost where it has more.
    public mutating func append(digits number: Int, width: Int) {
        var divisor = 1
        for _ in 1..<Swift.max(width, 1) { divisor *= 10 }
        while divisor > 0 {
            append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: number / divisor % 10))
            divisor /= 10
        }
    }

    fileprivate mutating func append(hexadecimalDigit digit: UInt8) {
        append(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10)
    }
}
