import SchemaAnalysis

/// How a value of a Swift type goes into parameters and comes out of a row.
enum ValueCoding {
    /// The statement that appends `argument` to `parameters`.
    static func append(_ argument: String, _ type: SwiftType, isNullable: Bool, to parameters: String)
        -> String
    {
        guard case .array(let element) = type else {
            let value = encoded(argument, type, isNullable: isNullable)
            return append(value, to: parameters, isChecked: isChecked(type))
        }
        let value = encoded("$0", element)
        let expression = value.expression == "$0" ? argument : "\(argument).map { \(value.expression) }"
        return appendArray(value, expression, element, to: parameters)
    }

    /// The same for one field of all `rows`.
    static func append(_ field: AnalysedStatement.Column, of rows: String, to parameters: String) -> String {
        let property = "$0.\(Naming.escaped(Naming.property(field.name)))"
        let value = encoded(property, field.type, isNullable: field.isNullable)
        return appendArray(value, "\(rows).map { \(value.expression) }", field.type, to: parameters)
    }

    private struct Value {
        let label: String
        let expression: String
        var rest = ""
    }

    private static func append(_ value: Value, to parameters: String, isChecked: Bool) -> String {
        "\(isChecked ? "try " : "")\(parameters).append(\(value.label): \(value.expression)\(value.rest))"
    }

    private static func appendArray(
        _ value: Value, _ expression: String, _ element: SwiftType, to parameters: String
    ) -> String {
        let label =
            switch value.label {
            case "daysSince1970": "dayArray"
            case "numericUnits": "numericArray"
            default: "\(value.label)Array"
            }
        return append(
            Value(label: label, expression: expression, rest: value.rest), to: parameters,
            isChecked: isChecked(element))
    }

    /// A whole number may not fit the width of its column.
    private static func isChecked(_ type: SwiftType) -> Bool {
        switch type {
        case .int, .optional(.int): true
        default: false
        }
    }

    private static func encoded(_ argument: String, _ type: SwiftType, isNullable: Bool = false) -> Value {
        let dot = isNullable ? "?." : "."
        switch type {
        case .uuid: return Value(label: "uuid", expression: argument)
        case .identifier: return Value(label: "uuid", expression: "\(argument)\(dot)uuid")
        case .string: return Value(label: "text", expression: argument)
        case .currency: return Value(label: "text", expression: "\(argument)\(dot)code")
        case .enumeration: return Value(label: "text", expression: "\(argument)\(dot)rawValue")
        case .json: return Value(label: "json", expression: argument)
        case .bool: return Value(label: "bool", expression: argument)
        case .int(let bits): return Value(label: "int\(bits / 8)", expression: argument)
        case .double: return Value(label: "float8", expression: argument)
        case .bytes: return Value(label: "bytes", expression: argument)
        case .timestamp: return Value(label: "timestamp", expression: argument)
        case .calendarDay: return Value(label: "daysSince1970", expression: "\(argument)\(dot)daysSince1970")
        case .fixedDecimal, .exchangeRate:
            return Value(
                label: "numericUnits", expression: "\(argument)\(dot)units",
                rest: ", scale: \(type.name).scale")
        case .optional(let value): return encoded(argument, value, isNullable: true)
        // PostgreSQL has no array of arrays, and so the analysis gives none.
        case .array(let element): return encoded(argument, element, isNullable: isNullable)
        }
    }

    /// The expression, without its `try`, that reads column `index` of `row`.
    static func decode(_ index: Int, _ type: SwiftType, isNullable: Bool) -> String {
        isNullable ? "row.isNull(\(index)) ? nil : \(decoded(index, type))" : decoded(index, type)
    }

    private static func decoded(_ index: Int, _ type: SwiftType) -> String {
        switch type {
        case .array(.optional(let element)): "row.nullableArray(\(index), of: \(elementType(element)))"
        case .array(let element): "row.array(\(index), of: \(elementType(element)))"
        case .identifier: "\(type.name)(row.uuid(\(index)))"
        case .enumeration(let name): "row.enumeration(\(index), \(name).self)"
        default: "row.\(reader(type))(\(index))"
        }
    }

    private static func elementType(_ type: SwiftType) -> String {
        switch type {
        case .identifier: ".identifier(\(type.name).self)"
        case .enumeration(let name): ".enumeration(\(name).self)"
        default: ".\(reader(type))"
        }
    }

    /// What DatabaseClient calls the type.
    private static func reader(_ type: SwiftType) -> String {
        switch type {
        case .uuid: "uuid"
        case .string: "text"
        case .json: "json"
        case .int: "int"
        case .bytes: "bytes"
        case .timestamp: "timestamp"
        default: type.name.prefix(1).lowercased() + type.name.dropFirst()
        }
    }
}
