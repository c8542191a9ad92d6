public import Foundation

/// The parameters of one execution, encoded in PostgreSQL's binary format as they are appended.
///
/// `nil` is NULL. Append in the order of `$1`, `$2`, ….
public struct Parameters: Sendable {
    /// Of each parameter its length, a big-endian Int32, and its bytes; -1 and nothing for NULL. So COPY has it too.
    private(set) var bytes: [UInt8] = []
    public private(set) var count = 0

    public init() {}

    public mutating func append(uuid value: UUID?) { appendValue(value) { $0.append(uuid: $1) } }
    public mutating func append(text value: String?) { appendValue(value) { $0.append(contentsOf: $1.utf8) } }
    public mutating func append(bool value: Bool?) { appendValue(value) { $0.append($1 ? 1 : 0) } }
    public mutating func append(bytes value: [UInt8]?) { appendValue(value) { $0.append(contentsOf: $1) } }
    public mutating func append(float8 value: Double?) {
        appendValue(value) { $0.append(bigEndian: $1.bitPattern) }
    }
    public mutating func append(timestamp value: Date?) {
        appendValue(value) { $0.append(bigEndian: PostgresEpoch.microseconds(of: $1)) }
    }
    /// A date, in days since 1970-01-01.
    public mutating func append(daysSince1970 value: Int32?) {
        appendValue(value) { $0.append(bigEndian: $1 - PostgresEpoch.days) }
    }
    /// A `jsonb` value from its JSON text.
    public mutating func append(json value: String?) {
        appendValue(value) {
            $0.append(1)
            $0.append(contentsOf: $1.utf8)
        }
    }
    /// A `numeric`, as `units × 10^-scale`.
    public mutating func append(numericUnits value: Int128?, scale: Int) {
        appendValue(value) { NumericCodec.encode($1, scale: scale, into: &$0) }
    }

    /// Integers are checked against the width of the column: a value that does not fit throws.
    public mutating func append(int2 value: Int?) throws { try appendInteger(value, as: Int16.self) }
    public mutating func append(int4 value: Int?) throws { try appendInteger(value, as: Int32.self) }
    public mutating func append(int8 value: Int?) throws { try appendInteger(value, as: Int64.self) }

    private mutating func appendInteger<I: FixedWidthInteger>(_ value: Int?, as type: I.Type) throws {
        let narrow = try value.map { value in
            guard let narrow = I(exactly: value) else {
                throw DatabaseError.encoding(
                    parameter: count + 1, reason: "\(value) does not fit \(I.bitWidth) bits")
            }
            return narrow
        }
        appendValue(narrow) { $0.append(bigEndian: $1) }
    }

    private mutating func appendValue<T>(_ value: T?, _ encode: (inout [UInt8], T) -> Void) {
        // Enough for most statements at once.
        if count == 0 { bytes.reserveCapacity(64) }
        count += 1
        bytes.append(value, encode)
    }
}

// MARK: - Arrays, for bulk statements over `unnest`

extension Parameters {
    public mutating func append(uuidArray values: [UUID?]) {
        appendArray(values, of: TypeOID.uuid) { $0.append(uuid: $1) }
    }
    /// Texts, or labels of an enum: PostgreSQL goes by the parameter's own type where either is not one of its built-in
    /// types, whose numbers are the same everywhere.
    public mutating func append(textArray values: [String?]) {
        appendArray(values, of: TypeOID.text) { $0.append(contentsOf: $1.utf8) }
    }
    public mutating func append(boolArray values: [Bool?]) {
        appendArray(values, of: TypeOID.bool) { $0.append($1 ? 1 : 0) }
    }
    public mutating func append(bytesArray values: [[UInt8]?]) {
        appendArray(values, of: TypeOID.bytea) { $0.append(contentsOf: $1) }
    }
    public mutating func append(int2Array values: [Int?]) throws {
        try appendIntegers(values, of: TypeOID.int2, as: Int16.self)
    }
    public mutating func append(int4Array values: [Int?]) throws {
        try appendIntegers(values, of: TypeOID.int4, as: Int32.self)
    }
    public mutating func append(int8Array values: [Int?]) throws {
        try appendIntegers(values, of: TypeOID.int8, as: Int64.self)
    }
    public mutating func append(float8Array values: [Double?]) {
        appendArray(values, of: TypeOID.float8) { $0.append(bigEndian: $1.bitPattern) }
    }
    public mutating func append(timestampArray values: [Date?]) {
        appendArray(values, of: TypeOID.timestamptz) {
            $0.append(bigEndian: PostgresEpoch.microseconds(of: $1))
        }
    }
    /// Dates, in days since 1970-01-01.
    public mutating func append(dayArray values: [Int32?]) {
        appendArray(values, of: TypeOID.date) { $0.append(bigEndian: $1 - PostgresEpoch.days) }
    }
    /// Numerics, each `units × 10^-scale`.
    public mutating func append(numericArray values: [Int128?], scale: Int) {
        appendArray(values, of: TypeOID.numeric) { NumericCodec.encode($1, scale: scale, into: &$0) }
    }
    /// `jsonb` values from their JSON texts.
    public mutating func append(jsonArray values: [String?]) {
        appendArray(values, of: TypeOID.jsonb) {
            $0.append(1)
            $0.append(contentsOf: $1.utf8)
        }
    }

    private mutating func appendIntegers<I: FixedWidthInteger>(
        _ values: [Int?], of element: UInt32, as type: I.Type
    ) throws {
        let position = count + 1
        let narrow: [I?] = try values.map { value in
            try value.map {
                guard let narrow = I(exactly: $0) else {
                    throw DatabaseError.encoding(
                        parameter: position, reason: "\($0) does not fit \(I.bitWidth) bits")
                }
                return narrow
            }
        }
        appendArray(narrow, of: element) { $0.append(bigEndian: $1) }
    }

    /// The array format of `array_send`: dimensions, a null flag, the element's type, then each element.
    private mutating func appendArray<T>(
        _ values: [T?], of element: UInt32, _ encode: (inout [UInt8], T) -> Void
    ) {
        appendValue(values) { bytes, values in
            bytes.append(bigEndian: Int32(values.isEmpty ? 0 : 1))
            bytes.append(bigEndian: Int32(values.contains { $0 == nil } ? 1 : 0))
            bytes.append(bigEndian: element)
            guard !values.isEmpty else { return }
            bytes.append(bigEndian: Int32(values.count))
            bytes.append(bigEndian: Int32(1))
            for value in values { bytes.append(value, encode) }
        }
    }
}

extension [UInt8] {
    mutating func append(bigEndian value: some FixedWidthInteger) {
        Swift.withUnsafeBytes(of: value.bigEndian) { append(contentsOf: $0) }
    }

    mutating func append(uuid value: UUID) {
        Swift.withUnsafeBytes(of: value.uuid) { append(contentsOf: $0) }
    }

    /// A value behind its length, or -1 for NULL.
    fileprivate mutating func append<T>(_ value: T?, _ encode: (inout [UInt8], T) -> Void) {
        let lengthAt = count
        append(bigEndian: Int32(-1))
        guard let value else { return }
        encode(&self, value)
        replaceInt32(at: lengthAt, with: Int32(count - lengthAt - 4))
    }

    private mutating func replaceInt32(at index: Int, with value: Int32) {
        Swift.withUnsafeBytes(of: value.bigEndian) { raw in
            for offset in 0..<4 { self[index + offset] = raw[offset] }
        }
    }
}
