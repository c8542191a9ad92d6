import ContractKit
import ExactTypes
import Foundation
import SharedTypes
import StrictJSON

extension Fields {
    /// A text of so many Unicode scalars. Control characters are refused; `multiline` admits line breaks and
    /// tabs.
    public func string(
        _ name: String, length: ClosedRange<Int> = 0...10_000, multiline: Bool = false
    ) throws(Problem) -> String {
        try required(name, "a string") { value throws(ParseError) in
            guard case .string(let text) = value else { return nil }
            for scalar in text.unicodeScalars where scalar.properties.generalCategory == .control {
                guard multiline, "\n\r\t".unicodeScalars.contains(scalar) else {
                    throw ParseError(reason: "contains a control character")
                }
            }
            let count = text.unicodeScalars.count
            guard count >= length.lowerBound else {
                throw ParseError(
                    reason: count == 0
                        ? "must not be empty" : "is shorter than \(length.lowerBound) characters")
            }
            guard count <= length.upperBound else {
                throw ParseError(reason: "is longer than \(length.upperBound) characters")
            }
            return text
        }
    }

    /// Words for people, which are more than spaces.
    public func nonBlankString(_ name: String, length: ClosedRange<Int>) throws(Problem) -> String {
        let words = try string(name, length: length)
        guard words.contains(where: { !$0.isWhitespace }) else { throw invalid(name, "must not be blank") }
        return words
    }

    /// The identifier of a thing, as a UUID.
    public func identifier<E: Entity>(_ name: String, _ entity: E.Type) throws(Problem) -> Identifier<E> {
        try text(name) { text throws(ParseError) in
            guard let identifier = Identifier<E>(text) else { throw ParseError(reason: "is not a UUID") }
            return identifier
        }
    }

    /// An exact decimal, written as a JSON string: "139.75".
    public func decimal(_ name: String, _ range: DecimalRange = .any) throws(Problem) -> FixedDecimal {
        try required(name, "a decimal as a string, like \"139.75\"") { value throws(ParseError) in
            guard case .string(let text) = value else { return nil }
            return try Self.checked(try FixedDecimal(parsing: text), range)
        }
    }

    /// An exact decimal that is written as a number or as a string, as vendors' files have it.
    ///
    /// A number of more than 18 decimals is rounded half to even, because vendors write what their binary
    /// floats print, unless nothing would be left of it; a string is never rounded.
    public func looseDecimal(_ name: String, _ range: DecimalRange = .any) throws(Problem) -> FixedDecimal {
        try required(name, "a number") { value throws(ParseError) in
            switch value {
            case .string(let text): return try Self.checked(try FixedDecimal(parsing: text), range)
            case .number(let number):
                guard let decimal = try? FixedDecimal(rounding: number) else {
                    throw ParseError(reason: "is out of range")
                }
                guard !decimal.isZero || number.isZero else {
                    throw ParseError(reason: "has no digit in the first 18 decimals")
                }
                return try Self.checked(decimal, range)
            default: return nil
            }
        }
    }

    /// An ISO 4217 currency.
    public func currency(_ name: String) throws(Problem) -> Currency {
        try text(name) { text throws(ParseError) in try Currency(parsing: text) }
    }

    /// An ISO 4217 currency, or the part of one in which an exchange quotes: "GBp".
    public func currencyUnit(_ name: String) throws(Problem) -> CurrencyUnit {
        try text(name) { text throws(ParseError) in try CurrencyUnit(parsing: text) }
    }

    /// A day, as "2021-02-28".
    public func day(_ name: String) throws(Problem) -> CalendarDay {
        try text(name) { text throws(ParseError) in try CalendarDay(parsing: text) }
    }

    /// A moment of RFC 3339.
    public func timestamp(_ name: String) throws(Problem) -> Date {
        try text(name) { text throws(ParseError) in try Date(rfc3339: text) }
    }

    /// true or false.
    public func bool(_ name: String) throws(Problem) -> Bool {
        try required(name, "true or false") { value in
            switch value {
            case .bool(let bool): bool
            case .string("true") where holdsTexts: true
            case .string("false") where holdsTexts: false
            default: nil
            }
        }
    }

    /// A whole number within a range.
    public func int(_ name: String, in range: ClosedRange<Int>) throws(Problem) -> Int {
        try required(name, "a whole number") { value throws(ParseError) in
            let number: Decimal
            switch value {
            case .number(let decimal): number = decimal
            case .string(let text) where holdsTexts:
                guard let int = Int(text) else { throw ParseError(reason: "must be a whole number") }
                number = Decimal(int)
            default: return nil
            }
            guard !number.isNaN, number >= Decimal(range.lowerBound), number <= Decimal(range.upperBound)
            else {
                throw ParseError(reason: "must be from \(range.lowerBound) to \(range.upperBound)")
            }
            guard let int = Int(number.description) else {
                throw ParseError(reason: "must be a whole number")
            }
            return int
        }
    }

    /// A case of an enumeration, by its raw value.
    public func enumeration<E: RawRepresentable<String> & CaseIterable>(
        _ name: String, _ type: E.Type
    ) throws(Problem) -> E {
        try text(name) { text throws(ParseError) in
            guard let value = E(rawValue: text) else {
                let names = E.allCases.map(\.rawValue).joined(separator: ", ")
                throw ParseError(reason: "must be one of \(names)")
            }
            return value
        }
    }

    /// Any JSON value, as it is.
    public func json(_ name: String) throws(Problem) -> JSONValue { try required(name, "a value") { $0 } }

    /// An object.
    public func object(_ name: String) throws(Problem) -> Fields {
        let members = try required(name, "an object") { value -> [String: JSONValue]? in
            guard case .object(let members) = value else { return nil }
            return members
        }
        let fields = Fields(members, path: path.isEmpty ? name : "\(path).\(name)")
        readings.note(child: fields)
        return fields
    }

    /// An array of objects, of so many elements.
    public func objects(_ name: String, count: ClosedRange<Int> = 0...100_000) throws(Problem) -> [Fields] {
        let elements = try array(name, count: count)
        let prefix = path.isEmpty ? name : "\(path).\(name)"
        var objects: [Fields] = []
        for (index, element) in elements.enumerated() {
            guard case .object(let members) = element else {
                throw .invalid("\(prefix)[\(index)]", "must be an object, and is \(element.kind)")
            }
            let fields = Fields(members, path: "\(prefix)[\(index)]")
            readings.note(child: fields)
            objects.append(fields)
        }
        return objects
    }

    /// An array of texts, each of so many Unicode scalars and without control characters.
    public func strings(
        _ name: String, count: ClosedRange<Int>, length: ClosedRange<Int>
    ) throws(Problem) -> [String] {
        let elements = try array(name, count: count)
        var strings: [String] = []
        for (index, element) in elements.enumerated() {
            let key = "\(name)[\(index)]"
            strings.append(try Fields([key: element], path: path).string(key, length: length))
        }
        return strings
    }

    private func array(_ name: String, count: ClosedRange<Int>) throws(Problem) -> [JSONValue] {
        try required(name, "an array") { value throws(ParseError) in
            guard case .array(let elements) = value else { return nil }
            guard count.contains(elements.count) else {
                throw ParseError(reason: "must have from \(count.lowerBound) to \(count.upperBound) elements")
            }
            return elements
        }
    }

    /// A value that is written as a string.
    private func text<Value>(
        _ name: String, _ parse: (String) throws(ParseError) -> Value
    ) throws(Problem) -> Value {
        try required(name, "a string") { value throws(ParseError) in
            guard case .string(let text) = value else { return nil }
            return try parse(text)
        }
    }

    private static func checked(_ decimal: FixedDecimal, _ range: DecimalRange) throws(ParseError)
        -> FixedDecimal
    {
        guard range.contains(decimal) else { throw ParseError(reason: range.reason) }
        return decimal
    }
}
