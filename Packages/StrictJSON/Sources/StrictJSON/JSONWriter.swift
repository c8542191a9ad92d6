public import ExactTypes
public import Foundation

/// Writes JSON into one buffer of bytes, in the order of the calls.
///
/// Commas are its own: a member or element that does not follow an opening bracket gets one. What is written is one
/// value, if each value of an object follows a ``member(_:)``; the generated writers keep to that.
public struct JSONWriter: Sendable {
    /// What has been written.
    public private(set) var bytes: [UInt8] = []

    private static let hexadecimalDigits = Array("0123456789abcdef".utf8)

    /// An empty buffer with room for so many bytes.
    public init(capacity: Int = 512) { bytes.reserveCapacity(capacity) }

    /// `{`.
    public mutating func beginObject() { bytes.append(UInt8(ascii: "{")) }

    /// `}`.
    public mutating func endObject() { bytes.append(UInt8(ascii: "}")) }

    /// The name of the next member, as it stands in the text: `"base_currency":`.
    public mutating func member(_ literal: StaticString) {
        separate()
        literal.withUTF8Buffer { bytes.append(contentsOf: $0) }
    }

    /// The name of the next member.
    public mutating func member(named name: String) {
        separate()
        write(name)
        bytes.append(UInt8(ascii: ":"))
    }

    /// An array, each element by the closure.
    public mutating func array<Elements: Sequence>(
        of elements: Elements, _ write: (inout JSONWriter, Elements.Element) -> Void
    ) {
        bytes.append(UInt8(ascii: "["))
        var isFirst = true
        for element in elements {
            if !isFirst { bytes.append(UInt8(ascii: ",")) }
            isFirst = false
            write(&self, element)
        }
        bytes.append(UInt8(ascii: "]"))
    }

    /// `null`.
    public mutating func writeNull() { bytes.append(contentsOf: "null".utf8) }

    /// A text.
    public mutating func write(_ text: String) {
        bytes.append(UInt8(ascii: "\""))
        var text = text
        text.withUTF8 { utf8 in
            if utf8.contains(where: Self.needsEscape) {
                for byte in utf8 { writeEscaped(byte) }
            } else {
                bytes.append(contentsOf: utf8)
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }

    /// What has an ASCII text, as a string.
    public mutating func write(_ value: some ASCIIWritable) {
        bytes.append(UInt8(ascii: "\""))
        value.append(to: &bytes)
        bytes.append(UInt8(ascii: "\""))
    }

    /// A moment in UTC with microseconds, as a string.
    public mutating func write(_ moment: Date) {
        bytes.append(UInt8(ascii: "\""))
        moment.appendRFC3339(to: &bytes)
        bytes.append(UInt8(ascii: "\""))
    }

    /// A whole number.
    public mutating func write(_ number: Int) { bytes.append(contentsOf: String(number).utf8) }

    /// A binary fraction, as seconds are; never an amount. One that is no number is null.
    public mutating func write(_ number: Double) {
        if number.isFinite { bytes.append(contentsOf: "\(number)".utf8) } else { writeNull() }
    }

    /// true or false.
    public mutating func write(_ bool: Bool) { bytes.append(contentsOf: (bool ? "true" : "false").utf8) }

    /// The raw value of an enumeration.
    public mutating func write<E: RawRepresentable<String>>(_ value: E) { write(value.rawValue) }

    /// Any value, objects with sorted keys.
    public mutating func write(_ value: JSONValue) {
        switch value {
        case .null: writeNull()
        case .bool(let bool): write(bool)
        case .number(let number):
            if number.isNaN { writeNull() } else { bytes.append(contentsOf: number.description.utf8) }
        case .string(let text): write(text)
        case .array(let elements): array(of: elements) { $0.write($1) }
        case .object(let members): write(members) { $0.write($1) }
        }
    }

    /// An object whose names are data, sorted by them.
    public mutating func write<Value>(
        _ members: [String: Value], _ write: (inout JSONWriter, Value) -> Void
    ) {
        beginObject()
        for (name, value) in members.sorted(by: { $0.key < $1.key }) {
            member(named: name)
            write(&self, value)
        }
        endObject()
    }

    /// What writes itself.
    public mutating func write(_ value: some JSONWritable) { value.write(to: &self) }

    /// A text that is JSON already, as the database keeps it.
    public mutating func write(json text: String) { bytes.append(contentsOf: text.utf8) }

    /// Within an object every value ends with another byte than the opening bracket.
    private mutating func separate() {
        if bytes.last != UInt8(ascii: "{") { bytes.append(UInt8(ascii: ",")) }
    }

    private static func needsEscape(_ byte: UInt8) -> Bool {
        byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") || byte == 0x7F
    }

    private mutating func writeEscaped(_ byte: UInt8) {
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"):
            bytes.append(UInt8(ascii: "\\"))
            bytes.append(byte)
        case UInt8(ascii: "\n"): bytes.append(contentsOf: "\\n".utf8)
        case UInt8(ascii: "\r"): bytes.append(contentsOf: "\\r".utf8)
        case UInt8(ascii: "\t"): bytes.append(contentsOf: "\\t".utf8)
        case _ where Self.needsEscape(byte):
            bytes.append(contentsOf: "\\u00".utf8)
            for digit in [byte >> 4, byte & 0xF] {
                bytes.append(contentsOf: Self.hexadecimalDigits.dropFirst(Int(digit)).prefix(1))
            }
        default: bytes.append(byte)
        }
    }
}

/// A value that writes itself as JSON.
public protocol JSONWritable {
    /// Writes one value.
    func write(to writer: inout JSONWriter)
}

extension JSONWritable {
    /// The value as JSON, in bytes.
    public var json: [UInt8] {
        var writer = JSONWriter()
        write(to: &writer)
        return writer.bytes
    }
}
