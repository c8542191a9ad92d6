import Foundation

/// Why bytes are not JSON, and where.
public struct JSONSyntaxError: Error, Equatable {
    /// What was wrong, as "expected a value".
    public let reason: String
    /// The byte, counted from 0.
    public let offset: Int

    /// An error at a byte, counted from 0.
    public init(reason: String, offset: Int) {
        self.reason = reason
        self.offset = offset
    }
}

/// A strict reader of RFC 8259.
///
/// Foundation's decoder is not used for bodies, because it rounds numbers of more than 38 digits, keeps one
/// of two equal keys, and makes an error for each kind of value that it tries in vain, which takes seconds on
/// an import file of many thousand rows.
public struct JSONParser {
    /// How deep arrays and objects may nest.
    static let maximumDepth = 64
    /// How many values there may be: each takes many times the memory of its bytes.
    public static let maximumValues = 1_000_000
    private static let digits = UInt8(ascii: "0")...UInt8(ascii: "9")

    private let bytes: [UInt8]
    private var position = 0
    private var valuesLeft: Int
    private let isCancelled: (() -> Bool)?

    private init(_ bytes: [UInt8], maximumValues: Int, _ isCancelled: (() -> Bool)?) {
        self.bytes = bytes
        valuesLeft = maximumValues
        self.isCancelled = isCancelled
    }

    /// Reads exactly one value with nothing but space around it.
    ///
    /// - Parameter isCancelled: is asked at each value. What it ends is a text whose end was not read.
    public static func parse(
        _ bytes: [UInt8], maximumValues: Int = JSONParser.maximumValues, isCancelled: (() -> Bool)? = nil
    ) throws(JSONSyntaxError) -> JSONValue {
        var parser = JSONParser(bytes, maximumValues: maximumValues, isCancelled)
        let value = try parser.value(depth: 0)
        guard parser.next() == nil else { throw parser.error("expected the end") }
        return value
    }

    private func error(_ reason: String) -> JSONSyntaxError {
        JSONSyntaxError(reason: reason, offset: position)
    }

    /// The byte that is to be read; nil at the end.
    private var byte: UInt8? {
        // In range: the position is looked at.
        position < bytes.count ? bytes[position] : nil
    }

    /// The bytes from one place up to the position.
    private func run(from start: Int) -> ArraySlice<UInt8> { bytes.dropFirst(start).prefix(position - start) }

    /// The next byte that is not space, which stays to be read; nil at the end.
    private mutating func next() -> UInt8? {
        while let byte {
            guard [0x20, 0x09, 0x0A, 0x0D].contains(byte) else { return byte }
            position += 1
        }
        return nil
    }

    private mutating func value(depth: Int) throws(JSONSyntaxError) -> JSONValue {
        guard depth <= Self.maximumDepth else {
            throw error("more than \(Self.maximumDepth) levels of nesting")
        }
        guard valuesLeft > 0 else { throw error("too many values") }
        if let isCancelled, isCancelled() { throw error("its reading was cancelled") }
        valuesLeft -= 1
        switch next() {
        case UInt8(ascii: "{"): return .object(try object(depth: depth))
        case UInt8(ascii: "["): return .array(try array(depth: depth))
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        case UInt8(ascii: "-"): return .number(try number())
        case let byte? where Self.digits.contains(byte): return .number(try number())
        default: throw error("expected a value")
        }
    }

    private mutating func word(_ word: StaticString, _ value: JSONValue) throws(JSONSyntaxError) -> JSONValue
    {
        let expected = UnsafeBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount)
        guard bytes.dropFirst(position).starts(with: expected) else { throw error("expected a value") }
        position += expected.count
        return value
    }

    private mutating func object(depth: Int) throws(JSONSyntaxError) -> [String: JSONValue] {
        position += 1
        var members: [String: JSONValue] = [:]
        if next() == UInt8(ascii: "}") {
            position += 1
            return members
        }
        while true {
            guard next() == UInt8(ascii: "\"") else { throw error("expected a key") }
            let start = position
            let key = try string()
            guard next() == UInt8(ascii: ":") else { throw error("expected ':'") }
            position += 1
            let value = try value(depth: depth + 1)
            guard members.updateValue(value, forKey: key) == nil else {
                // Swift takes texts that Unicode calls equivalent for the same, and here that is not told apart.
                let isSame = members.keys.contains { $0.utf8.elementsEqual(key.utf8) }
                throw JSONSyntaxError(
                    reason: isSame
                        ? "a key that stands there twice"
                        : "two keys that differ in nothing but their Unicode normalization", offset: start)
            }
            if try endsList(with: UInt8(ascii: "}")) { return members }
        }
    }

    private mutating func array(depth: Int) throws(JSONSyntaxError) -> [JSONValue] {
        position += 1
        var elements: [JSONValue] = []
        if next() == UInt8(ascii: "]") {
            position += 1
            return elements
        }
        while true {
            elements.append(try value(depth: depth + 1))
            if try endsList(with: UInt8(ascii: "]")) { return elements }
        }
    }

    private mutating func endsList(with end: UInt8) throws(JSONSyntaxError) -> Bool {
        guard let byte = next(), byte == end || byte == UInt8(ascii: ",") else {
            throw error("expected ',' or '\(Character(Unicode.Scalar(end)))'")
        }
        position += 1
        return byte == end
    }
}

extension JSONParser {
    private mutating func string() throws(JSONSyntaxError) -> String {
        position += 1
        var text = ""
        while true {
            let start = position
            while let byte, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\"), byte >= 0x20 {
                position += 1
            }
            guard let run = String(validating: run(from: start), as: UTF8.self) else {
                throw JSONSyntaxError(reason: "a string that is not UTF-8", offset: start)
            }
            text += run
            guard let byte else { throw error("expected the end of a string") }
            switch byte {
            case UInt8(ascii: "\""):
                position += 1
                return text
            case UInt8(ascii: "\\"):
                position += 1
                text.unicodeScalars.append(try escape())
            default: throw error("a control character in a string")
            }
        }
    }

    private mutating func escape() throws(JSONSyntaxError) -> Unicode.Scalar {
        guard let letter = byte else { throw error("expected the end of a string") }
        position += 1
        switch letter {
        case UInt8(ascii: "\""): return "\""
        case UInt8(ascii: "\\"): return "\\"
        case UInt8(ascii: "/"): return "/"
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{C}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"): return try unicodeEscape()
        default: throw error("an escape that JSON does not know")
        }
    }

    private mutating func unicodeEscape() throws(JSONSyntaxError) -> Unicode.Scalar {
        let first = try fourHexDigits()
        if let scalar = Unicode.Scalar(first) { return scalar }
        // Beyond the basic plane a character is a high and a low surrogate; either alone is no character.
        guard first < 0xDC00, bytes.dropFirst(position).starts(with: Array("\\u".utf8)) else {
            throw error("a lone surrogate")
        }
        position += 2
        let second = try fourHexDigits()
        guard (0xDC00...0xDFFF).contains(second),
            let scalar = Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
        else { throw error("a lone surrogate") }
        return scalar
    }

    private mutating func fourHexDigits() throws(JSONSyntaxError) -> UInt32 {
        var number: UInt32 = 0
        for _ in 0..<4 {
            guard let digit = byte.flatMap({ Character(Unicode.Scalar($0)).hexDigitValue }) else {
                throw error("expected four hexadecimal digits")
            }
            number = number << 4 | UInt32(digit)
            position += 1
        }
        return number
    }
}

extension JSONParser {
    private mutating func number() throws(JSONSyntaxError) -> Decimal {
        let start = position
        if byte == UInt8(ascii: "-") { position += 1 }
        let integer = skipDigits()
        let isZeroPadded = integer.count > 1 && integer.first == UInt8(ascii: "0")
        guard !integer.isEmpty, !isZeroPadded else { throw error("expected a number") }
        if byte == UInt8(ascii: ".") {
            position += 1
            guard !skipDigits().isEmpty else { throw error("expected a digit") }
        }
        let mantissa = run(from: start)
        var exponent: ArraySlice<UInt8> = []
        if let byte, byte | 0x20 == UInt8(ascii: "e") {
            position += 1
            if let sign = self.byte, [UInt8(ascii: "+"), UInt8(ascii: "-")].contains(sign) {
                position += 1
            }
            exponent = skipDigits()
            guard !exponent.isEmpty else { throw error("expected a digit") }
        }
        return exactDecimal(run(from: start), mantissa: mantissa, exponent: exponent)
    }

    private mutating func skipDigits() -> ArraySlice<UInt8> {
        let start = position
        while let byte, Self.digits.contains(byte) { position += 1 }
        return run(from: start)
    }

    /// The number, or NaN where Decimal would round it: it holds 38 digits, and exponents of -128 to 127.
    private func exactDecimal(
        _ literal: ArraySlice<UInt8>, mantissa: ArraySlice<UInt8>, exponent: ArraySlice<UInt8>
    ) -> Decimal {
        let size = exponent.isEmpty ? 0 : Int(String(decoding: exponent, as: UTF8.self)) ?? .max
        let digits = mantissa.count { $0 >= UInt8(ascii: "0") }
        guard size <= 64, digits <= 38 else { return .nan }
        let text = String(decoding: literal, as: UTF8.self)
        return Decimal(string: text, locale: Locale(identifier: "en_US_POSIX")) ?? .nan
    }
}
