public import ExactTypes
import Foundation

extension ValueReader where Value == Bool {
    /// true or false.
    public static var bool: ValueReader {
        ValueReader { value, rules throws(FieldError) in
            switch value {
            case .bool(let bool): return bool
            case .string("true") where rules.holdsTexts: return true
            case .string("false") where rules.holdsTexts: return false
            default: throw .expected("true or false", value)
            }
        }
    }
}

extension ValueReader where Value == Int {
    /// A whole number within a range.
    public static func int(in range: ClosedRange<Int> = .min ... .max) -> ValueReader {
        ValueReader { value, rules throws(FieldError) in
            let number = try number(value, rules)
            let range = rules.isStrict ? range : .min ... .max
            guard !number.isNaN, number >= Decimal(range.lowerBound), number <= Decimal(range.upperBound)
            else { throw FieldError(field: "", reason: reason(range)) }
            guard let int = Int(number.description) else { throw notWhole }
            return int
        }
    }

    private static var notWhole: FieldError { FieldError(field: "", reason: "must be a whole number") }

    private static func number(_ value: JSONValue, _ rules: ReadingRules) throws(FieldError) -> Decimal {
        switch value {
        case .number(let decimal): return decimal
        case .string(let text) where rules.holdsTexts:
            guard let int = Int(text) else { throw notWhole }
            return Decimal(int)
        default: throw .expected("a whole number", value)
        }
    }

    private static func reason(_ range: ClosedRange<Int>) -> String {
        switch (range.lowerBound, range.upperBound) {
        case (.min, .max): "is out of range"
        case (let lower, .max): "must be at least \(lower)"
        case (.min, let upper): "must be at most \(upper)"
        case (let lower, let upper): "must be from \(lower) to \(upper)"
        }
    }
}

extension ValueReader where Value == Double {
    /// A binary fraction, as seconds are; never an amount.
    public static var number: ValueReader {
        ValueReader { value, _ throws(FieldError) in
            // By its text, since Foundation's own conversion does not give the nearest.
            guard case .number(let decimal) = value, let number = Double(decimal.description) else {
                throw .expected("a number", value)
            }
            return number
        }
    }
}

extension ValueReader where Value == JSONValue {
    /// Any JSON value, as it is.
    public static var json: ValueReader { ValueReader { value, _ throws(FieldError) in value } }

    /// Any object, as it is.
    public static var object: ValueReader {
        ValueReader { value, _ throws(FieldError) in
            guard case .object = value else { throw .expected("an object", value) }
            return value
        }
    }
}

extension ValueReader where Value: RawRepresentable<String> & CaseIterable & SendableMetatype {
    /// A case of an enumeration, by its raw value.
    public static var choice: ValueReader {
        .parsed { text throws(ParseError) in
            guard let value = Value(rawValue: text) else { throw .noChoice(of: Value.self) }
            return value
        }
    }
}

extension ValueReader where Value: JSONReadable & SendableMetatype {
    /// What reads itself.
    public static var nested: ValueReader {
        ValueReader { value, rules throws(FieldError) in try Value(reading: value, rules) }
    }
}

extension ValueReader {
    /// An array of so many elements.
    public static func array<Element: Sendable>(
        of element: ValueReader<Element>, count: ClosedRange<Int> = 0...100_000
    ) -> ValueReader where Value == [Element] {
        ValueReader { value, rules throws(FieldError) in
            guard case .array(let values) = value else { throw .expected("an array", value) }
            guard !rules.isStrict || count.contains(values.count) else {
                throw FieldError(
                    field: "", reason: "must have from \(count.lowerBound) to \(count.upperBound) elements")
            }
            var elements: [Element] = []
            elements.reserveCapacity(values.count)
            for (index, value) in values.enumerated() {
                do throws(FieldError) {
                    elements.append(try element(value, rules))
                } catch {
                    throw error.within("[\(index)]")
                }
            }
            return elements
        }
    }

    /// An array in which no element stands twice.
    public static func set<Element: Hashable & Sendable>(
        of element: ValueReader<Element>, count: ClosedRange<Int> = 0...100_000
    ) -> ValueReader where Value == [Element] {
        ValueReader { value, rules throws(FieldError) in
            let elements = try ValueReader.array(of: element, count: count)(value, rules)
            guard !rules.isStrict || Set(elements).count == elements.count else {
                throw FieldError(field: "", reason: "must have each element once")
            }
            return elements
        }
    }

    /// An object whose names are data.
    public static func dictionary<Element: Sendable>(
        of element: ValueReader<Element>
    ) -> ValueReader where Value == [String: Element] {
        ValueReader { value, rules throws(FieldError) in
            guard case .object(let members) = value else { throw .expected("an object", value) }
            var elements: [String: Element] = [:]
            for (name, value) in members {
                do throws(FieldError) {
                    elements[name] = try element(value, rules)
                } catch {
                    throw error.within(name)
                }
            }
            return elements
        }
    }

    /// Null or the value.
    public static func nullable<Element: Sendable>(_ reader: ValueReader<Element>) -> ValueReader
    where Value == Element? {
        ValueReader { value, rules throws(FieldError) in
            value == .null ? nil : try reader(value, rules)
        }
    }
}

extension FieldError {
    static func expected(_ kind: String, _ value: JSONValue) -> FieldError {
        FieldError(field: "", reason: "must be \(kind), and is \(value.kind)")
    }
}

extension ParseError {
    /// The text is none of the cases.
    public static func noChoice<E: RawRepresentable<String> & CaseIterable>(of type: E.Type) -> ParseError {
        let names = E.allCases.map(\.rawValue).joined(separator: ", ")
        return ParseError(reason: "must be one of \(names)")
    }
}
