import Foundation

/// The fixed object identifiers of built-in types that an array's header names.
enum TypeOID {
    static let bool: UInt32 = 16
    static let bytea: UInt32 = 17
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
