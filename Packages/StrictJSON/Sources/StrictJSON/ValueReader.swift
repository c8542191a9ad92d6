public import ExactTypes
public import Foundation

/// How one kind of value is read, and what is said of one that is none.
public struct ValueReader<Value: Sendable>: Sendable {
    let read: @Sendable (JSONValue, ReadingRules) throws(FieldError) -> Value

    /// A reader; a fault in the value itself names no field.
    public init(_ read: @escaping @Sendable (JSONValue, ReadingRules) throws(FieldError) -> Value) {
        self.read = read
    }

    /// The value, or the reason why it is none.
    public func callAsFunction(_ value: JSONValue, _ rules: ReadingRules) throws(FieldError) -> Value {
        try read(value, rules)
    }

    /// A value that is written as a string, by the parser of its type.
    public static func parsed(
        _ parse: @escaping @Sendable (String) throws(ParseError) -> Value
    ) -> ValueReader {
        ValueReader { value, _ throws(FieldError) in
            guard case .string(let text) = value else { throw .expected("a string", value) }
            do throws(ParseError) {
                return try parse(text)
            } catch {
                throw FieldError(field: "", reason: error.reason)
            }
        }
    }
}

extension ValueReader where Value == String {
    /// A text of so many Unicode scalars. In requests control characters are refused; `multiline` admits line breaks
    /// and tabs. `form` gives the reason where the text has not the form that the contract says.
    public static func text(
        length: ClosedRange<Int> = 0...10_000, multiline: Bool = false,
        form: (@Sendable (String) -> String?)? = nil
    ) -> ValueReader {
        ValueReader { value, rules throws(FieldError) in
            guard case .string(let text) = value else { throw .expected("a string", value) }
            guard rules.isStrict else { return text }
            if rules.refusesControlCharacters, hasControlCharacter(text, multiline: multiline) {
                throw FieldError(field: "", reason: "contains a control character")
            }
            if let reason = fault(in: text, length: length) ?? form?(text) {
                throw FieldError(field: "", reason: reason)
            }
            return text
        }
    }

    private static func hasControlCharacter(_ text: String, multiline: Bool) -> Bool {
        text.unicodeScalars.contains { scalar in
            guard scalar.properties.generalCategory == .control else { return false }
            return !multiline || !(scalar == "\n" || scalar == "\r" || scalar == "\t")
        }
    }

    private static func fault(in text: String, length: ClosedRange<Int>) -> String? {
        let count = text.unicodeScalars.count
        if count < length.lowerBound {
            return count == 0 ? "must not be empty" : "is shorter than \(length.lowerBound) characters"
        }
        return count > length.upperBound ? "is longer than \(length.upperBound) characters" : nil
    }
}

extension ValueReader where Value == String {
    /// The one text that it may be.
    public static func constant(_ text: String) -> ValueReader {
        ValueReader { value, rules throws(FieldError) in
            guard value == .string(text) || !rules.isStrict else {
                throw FieldError(field: "", reason: "must be \"\(text)\"")
            }
            return text
        }
    }
}

extension ValueReader where Value == FixedDecimal {
    /// An exact decimal, written as a JSON string: "139.75".
    public static func decimal(_ range: DecimalRange = .any) -> ValueReader {
        ValueReader { value, rules throws(FieldError) in
            guard case .string(let text) = value else {
                throw .expected("a decimal as a string, like \"139.75\"", value)
            }
            do throws(ParseError) {
                let decimal = try FixedDecimal(parsing: text)
                guard !rules.isStrict || range.contains(decimal) else {
                    throw ParseError(reason: range.reason)
                }
                return decimal
            } catch {
                throw FieldError(field: "", reason: error.reason)
            }
        }
    }
}

extension ValueReader where Value == ExchangeRate {
    /// A rate above zero, written as a JSON string.
    public static var exchangeRate: ValueReader {
        .parsed { text throws(ParseError) in try ExchangeRate(parsing: text) }
    }
}

extension ValueReader where Value == Currency {
    /// An ISO 4217 currency.
    public static var currency: ValueReader {
        .parsed { text throws(ParseError) in try Currency(parsing: text) }
    }
}

extension ValueReader where Value == CurrencyUnit {
    /// An ISO 4217 currency, or the part of one in which an exchange quotes: "GBp".
    public static var currencyUnit: ValueReader {
        .parsed { text throws(ParseError) in try CurrencyUnit(parsing: text) }
    }
}

extension ValueReader where Value == CalendarDay {
    /// A day, as "2021-02-28".
    public static var day: ValueReader {
        .parsed { text throws(ParseError) in try CalendarDay(parsing: text) }
    }
}

extension ValueReader where Value == Date {
    /// A moment of RFC 3339.
    public static var moment: ValueReader {
        .parsed { text throws(ParseError) in try Date(rfc3339: text) }
    }
}

extension ValueReader where Value == UUID {
    /// A UUID that identifies nothing of the schema.
    public static var uuid: ValueReader {
        .parsed { text throws(ParseError) in
            // Foundation reads as far as the UUID goes and lets anything follow it.
            guard text.utf8.count == 36, let uuid = UUID(uuidString: text) else {
                throw ParseError(reason: "is not a UUID")
            }
            return uuid
        }
    }
}

extension ValueReader {
    /// The identifier of a thing, as a UUID.
    public static func identifier<E: Entity>(_ entity: E.Type) -> ValueReader
    where Value == Identifier<E> {
        .parsed { text throws(ParseError) in
            guard let identifier = Identifier<E>(text) else { throw ParseError(reason: "is not a UUID") }
            return identifier
        }
    }
}
