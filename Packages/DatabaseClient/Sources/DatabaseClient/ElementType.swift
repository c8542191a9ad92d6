public import ExactTypes
public import Foundation

/// What an array holds: how each of its elements is read.
public struct ElementType<Value: Sendable>: Sendable {
    /// For the error of what is none.
    let name: String
    let decode: @Sendable (UnsafeRawBufferPointer) -> Value?
}

extension ElementType<UUID> {
    public static var uuid: Self { Self(name: "uuid", decode: BinaryValue.uuid) }
}
extension ElementType<String> {
    public static var text: Self { Self(name: "text") { String(validating: $0, as: UTF8.self) } }
    /// The text of `jsonb` values, which have a version byte before it.
    public static var json: Self {
        Self(name: "jsonb") { bytes in
            guard bytes.first == 1 else { return nil }
            return String(validating: UnsafeRawBufferPointer(rebasing: bytes.dropFirst()), as: UTF8.self)
        }
    }
}
extension ElementType<Bool> {
    public static var bool: Self { Self(name: "bool", decode: BinaryValue.bool) }
}
extension ElementType<Int> {
    /// int2, int4 or int8.
    public static var int: Self { Self(name: "integer", decode: BinaryValue.integer) }
}
extension ElementType<Double> {
    public static var double: Self { Self(name: "float8", decode: BinaryValue.double) }
}
extension ElementType<[UInt8]> {
    public static var bytes: Self { Self(name: "bytea") { Array($0) } }
}
extension ElementType<Date> {
    public static var timestamp: Self { Self(name: "timestamptz", decode: BinaryValue.timestamp) }
}
extension ElementType<CalendarDay> {
    public static var calendarDay: Self {
        Self(name: "date") { BinaryValue.days($0).flatMap { try? CalendarDay(daysSince1970: $0) } }
    }
}
extension ElementType<FixedDecimal> {
    public static var fixedDecimal: Self {
        Self(name: "numeric(38,18)") { bytes in
            NumericCodec.decode(bytes, scale: FixedDecimal.scale).flatMap { try? FixedDecimal(units: $0) }
        }
    }
}
extension ElementType<ExchangeRate> {
    public static var exchangeRate: Self {
        Self(name: "numeric(24,12)") { bytes in
            NumericCodec.decode(bytes, scale: ExchangeRate.scale).flatMap { try? ExchangeRate(units: $0) }
        }
    }
}
extension ElementType<Currency> {
    public static var currency: Self {
        Self(name: "currency code") { bytes in
            String(validating: bytes, as: UTF8.self).flatMap { try? Currency(parsing: $0) }
        }
    }
}
extension ElementType {
    public static func identifier<E>(_ type: Value.Type) -> Self where Value == Identifier<E> {
        Self(name: "uuid") { BinaryValue.uuid($0).map { Identifier<E>($0) } }
    }

    /// The labels of a PostgreSQL enum.
    public static func enumeration(_ type: Value.Type) -> Self where Value: RawRepresentable<String> {
        Self(name: "label of \(type)") {
            String(validating: $0, as: UTF8.self).flatMap(Value.init(rawValue:))
        }
    }
}
