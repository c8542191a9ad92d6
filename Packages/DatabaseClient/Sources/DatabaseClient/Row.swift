import CLibPQ
public import Foundation

/// One row of a result, read by column number. A wrong type or an unexpected NULL throws
/// ``DatabaseError/decoding(statement:column:reason:)``; nothing traps.
public struct Row: Sendable {
    let result: QueryResult
    let index: Int

    public func isNull(_ column: Int) -> Bool { PQgetisnull(result.raw, Int32(index), Int32(column)) == 1 }

    public func uuid(_ column: Int) throws -> UUID {
        try read(column, "uuid", BinaryValue.uuid)
    }

    /// Text, an enum's label, or any type whose binary form is its text.
    public func text(_ column: Int) throws -> String {
        try read(column, "text") { String(validating: $0, as: UTF8.self) }
    }

    public func bool(_ column: Int) throws -> Bool {
        try read(column, "bool", BinaryValue.bool)
    }

    /// An int2, int4 or int8.
    public func int(_ column: Int) throws -> Int {
        try read(column, "integer", BinaryValue.integer)
    }

    public func double(_ column: Int) throws -> Double {
        try read(column, "float8", BinaryValue.double)
    }

    public func bytes(_ column: Int) throws -> [UInt8] { try read(column, "bytea") { Array($0) } }

    public func timestamp(_ column: Int) throws -> Date {
        try read(column, "timestamptz", BinaryValue.timestamp)
    }

    /// A date, in days since 1970-01-01.
    public func daysSince1970(_ column: Int) throws -> Int32 { try read(column, "date", BinaryValue.days) }

    /// A numeric × 10^scale; throws where it has more decimals than `scale`.
    public func numericUnits(_ column: Int, scale: Int) throws -> Int128 {
        try read(column, "numeric with at most \(scale) decimals") { NumericCodec.decode($0, scale: scale) }
    }

    /// The JSON text of a json or jsonb column.
    public func json(_ column: Int) throws -> String {
        let isBinary = PQftype(result.raw, Int32(column)) == TypeOID.jsonb
        return try read(column, "json") { bytes in
            // jsonb's binary form is a version byte, 1, and then the text.
            String(
                validating: isBinary ? UnsafeRawBufferPointer(rebasing: bytes.dropFirst()) : bytes,
                as: UTF8.self)
        }
    }

    /// A one-dimensional array whose elements are all there.
    public func array<Value>(_ column: Int, of type: ElementType<Value>) throws -> [Value] {
        try elements(column, of: type).map { value in
            guard let value else { throw mismatch(column, "holds an unexpected NULL, expected \(type.name)") }
            return value
        }
    }

    /// A one-dimensional array, of which nil is NULL.
    public func nullableArray<Value>(_ column: Int, of type: ElementType<Value>) throws -> [Value?] {
        try elements(column, of: type)
    }

    /// The error of a column whose value the caller cannot take, as an enum's label that it does not know.
    public func mismatch(_ column: Int, _ reason: String) -> DatabaseError {
        .decoding(statement: result.statement, column: result.columnName(column), reason: reason)
    }

    private func read<T>(
        _ column: Int, _ expected: String, _ decode: (UnsafeRawBufferPointer) -> T?
    ) throws -> T {
        guard column < result.columnCount else {
            throw mismatch(column, "the result has no column \(column)")
        }
        guard !isNull(column) else { throw mismatch(column, "unexpected NULL, expected \(expected)") }
        let bytes = UnsafeRawBufferPointer(
            start: PQgetvalue(result.raw, Int32(index), Int32(column)),
            count: Int(PQgetlength(result.raw, Int32(index), Int32(column))))
        guard let value = decode(bytes) else { throw mismatch(column, "is not \(expected)") }
        return value
    }

    /// The array format of `array_send`: dimensions, a null flag, the element's type, then each element behind its length,
    /// which is -1 for NULL.
    private func elements<Value>(_ column: Int, of type: ElementType<Value>) throws -> [Value?] {
        try read(column, "\(type.name)[]") { bytes in
            guard bytes.count >= 12 else { return nil }
            let dimensions: Int32 = BinaryValue.load(bytes)
            if dimensions == 0 { return [] }
            guard dimensions == 1, bytes.count >= 20 else { return nil }
            let count: Int32 = BinaryValue.load(bytes, at: 12)
            guard count >= 0, Int(count) <= bytes.count / 4 else { return nil }
            var values: [Value?] = []
            values.reserveCapacity(Int(count))
            var offset = 20
            for _ in 0..<count {
                guard offset + 4 <= bytes.count else { return nil }
                let length = Int(BinaryValue.load(bytes, at: offset) as Int32)
                offset += 4
                if length == -1 {
                    values.append(nil)
                    continue
                }
                guard length >= 0, offset + length <= bytes.count else { return nil }
                let slice = UnsafeRawBufferPointer(rebasing: bytes[offset..<(offset + length)])
                guard let value = type.decode(slice) else { return nil }
                values.append(value)
                offset += length
            }
            return values
        }
    }
}

/// Readers of single binary values.
enum BinaryValue {
    static func load<I: FixedWidthInteger>(_ bytes: UnsafeRawBufferPointer, at offset: Int = 0) -> I {
        I(bigEndian: bytes.loadUnaligned(fromByteOffset: offset, as: I.self))
    }

    static func uuid(_ bytes: UnsafeRawBufferPointer) -> UUID? {
        bytes.count == 16 ? UUID(uuid: bytes.loadUnaligned(as: uuid_t.self)) : nil
    }

    static func bool(_ bytes: UnsafeRawBufferPointer) -> Bool? { bytes.count == 1 ? bytes[0] != 0 : nil }

    static func double(_ bytes: UnsafeRawBufferPointer) -> Double? {
        bytes.count == 8 ? Double(bitPattern: load(bytes)) : nil
    }

    static func integer(_ bytes: UnsafeRawBufferPointer) -> Int? {
        switch bytes.count {
        case 2: Int(load(bytes) as Int16)
        case 4: Int(load(bytes) as Int32)
        case 8: Int(load(bytes) as Int64)
        default: nil
        }
    }

    static func timestamp(_ bytes: UnsafeRawBufferPointer) -> Date? {
        guard bytes.count == 8 else { return nil }
        let microseconds: Int64 = load(bytes)
        // The ends of the range stand for ±infinity, which no column of ours may hold.
        guard microseconds != .max, microseconds != .min else { return nil }
        return PostgresEpoch.date(microseconds: microseconds)
    }

    static func days(_ bytes: UnsafeRawBufferPointer) -> Int32? {
        guard bytes.count == 4 else { return nil }
        let days: Int32 = load(bytes)
        guard days != .max, days != .min else { return nil }
        return days + PostgresEpoch.days
    }
}
