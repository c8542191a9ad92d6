import SchemaAnalysis

/// How a value of a Swift type goes into parameters and comes out of a row.
enum ValueCoding {
    /// The statement that appends `argument` to `parameters`.
    static func append(_ argument: String, _ type: SwiftType, isNullable: Bool, to parameters: String)
        -> String
    {
        let (label, value, rest) = encoded(argument, type, isNullable: isNullable)
        let isChecked = if case .int = type { true } else if case .array(.int) = type { true } else { false }
        return "\(isChecked ? "try " : "")\(parameters).append(\(label): \(value)\(rest))"
    }

    private static func encoded(
        _ argument: String, _ type: SwiftType, isNullable: Bool
    ) -> (label: String, value: String, rest: String) {
        let dot = isNullable ? "?." : "."
        switch type {
        case .uuid: return ("uuid", argument, "")
        case .identifier: return ("uuid", "\(argument)\(dot)uuid", "")
        case .string: return ("text", argument, "")
        case .currency: return ("text", "\(argument)\(dot)code", "")
        case .enumeration: return ("text", "\(argument)\(dot)rawValue", "")
        case .json: return ("json", argument, "")
        case .bool: return ("bool", argument, "")
        case .int(let bits): return ("int\(bits / 8)", argument, "")
        case .double: return ("float8", argument, "")
        case .bytes: return ("bytes", argument, "")
        case .timestamp: return ("timestamp", argument, "")
        case .calendarDay: return ("daysSince1970", "\(argument)\(dot)daysSince1970", "")
        case .fixedDecimal: return ("numericUnits", "\(argument)\(dot)units", ", scale: FixedDecimal.scale")
        case .exchangeRate: return ("numericUnits", "\(argument)\(dot)units", ", scale: ExchangeRate.scale")
        case .array(let element): return encodedArray(argument, element)
        }
    }

    private static func encodedArray(
        _ argument: String, _ element: SwiftType
    ) -> (label: String, value: String, rest: String) {
        switch element {
        case .calendarDay: return ("dayArray", "\(argument).map { $0.daysSince1970 }", "")
        case .fixedDecimal:
            return ("numericArray", "\(argument).map { $0.units }", ", scale: FixedDecimal.scale")
        case .exchangeRate:
            return ("numericArray", "\(argument).map { $0.units }", ", scale: ExchangeRate.scale")
        default:
            let (label, value, _) = encoded("$0", element, isNullable: false)
            return ("\(label)Array", value == "$0" ? argument : "\(argument).map { \(value) }", "")
        }
    }

    /// The expression, without its `try`, that reads column `index` of `row`; nil where rows cannot give the
    /// type.
    static func decode(_ index: Int, _ type: SwiftType, isNullable: Bool) -> String? {
        guard let value = decoded(index, type) else { return nil }
        return isNullable ? "row.isNull(\(index)) ? nil : \(value)" : value
    }

    private static func decoded(_ index: Int, _ type: SwiftType) -> String? {
        switch type {
        case .uuid: "row.uuid(\(index))"
        case .identifier: "\(type.name)(row.uuid(\(index)))"
        case .string: "row.text(\(index))"
        case .json: "row.json(\(index))"
        case .bool: "row.bool(\(index))"
        case .int: "row.int(\(index))"
        case .double: "row.double(\(index))"
        case .bytes: "row.bytes(\(index))"
        case .timestamp: "row.timestamp(\(index))"
        case .currency, .calendarDay, .fixedDecimal, .exchangeRate: "row.\(reader(type))(\(index))"
        case .enumeration(let name): "row.enumeration(\(index), \(name).self)"
        case .array(.uuid): "row.uuidArray(\(index))"
        case .array(.identifier(let entity)): "row.uuidArray(\(index)).map { \(entity).ID($0) }"
        case .array(.string): "row.textArray(\(index))"
        case .array(.int): "row.intArray(\(index))"
        case .array(.timestamp): "row.timestampArray(\(index))"
        case .array: nil
        }
    }

    private static func reader(_ type: SwiftType) -> String {
        type.name.prefix(1).lowercased() + type.name.dropFirst()
    }

    /// The reader of a semantic type that PostgreSQL's driver does not know; nil where the driver suffices.
    static func readerSource(_ type: SwiftType) -> String? {
        switch type {
        case .currency:
            readerSource(
                type, "Currency(parsing: text)", from: "text", "text(column)",
                "is not an ISO 4217 currency code")
        case .calendarDay:
            readerSource(
                type, "CalendarDay(daysSince1970: days)", from: "days", "daysSince1970(column)",
                "is outside the years 1 to 9999")
        case .fixedDecimal:
            readerSource(
                type, "FixedDecimal(units: units)", from: "units",
                "numericUnits(column, scale: FixedDecimal.scale)",
                "does not fit numeric(38,18)")
        case .exchangeRate:
            readerSource(
                type, "ExchangeRate(units: units)", from: "units",
                "numericUnits(column, scale: ExchangeRate.scale)",
                "is not a rate above zero that fits numeric(24,12)")
        case .enumeration:
            """
            /// A label of a PostgreSQL enum; one that this program does not know yet is an error, not a trap.
            func enumeration<E: RawRepresentable<String>>(_ column: Int, _ type: E.Type) throws -> E {
                guard let value = E(rawValue: try text(column)) else {
                    throw mismatch(column, "has a label that \\(type) does not know")
                }
                return value
            }
            """
        default: nil
        }
    }

    private static func readerSource(
        _ type: SwiftType, _ construction: String, from variable: String, _ read: String, _ reason: String
    ) -> String {
        """
        func \(reader(type))(_ column: Int) throws -> \(type.name) {
            let \(variable) = try \(read)
            do { return try \(construction) } catch { throw mismatch(column, "\(reason)") }
        }
        """
    }
}
