/// What a value is in Swift, how it is read, and how it is written.
struct TypeSource {
    /// The enum that the contract's types are nested in: `PortfoliosAPI`.
    let namespace: String
    let directions: Directions

    /// The type of a property. An enumeration in an answer may hold what this contract does not know.
    func property(_ type: ValueType, isAnswer: Bool) -> String {
        switch type {
        case .text, .constant: "String"
        case .decimal: "ExactTypes.FixedDecimal"
        case .exchangeRate: "ExactTypes.ExchangeRate"
        case .currency: "ExactTypes.Currency"
        case .currencyUnit: "ExactTypes.CurrencyUnit"
        case .day: "ExactTypes.CalendarDay"
        case .moment: "Foundation.Date"
        case .uuid: "Foundation.UUID"
        case .key(let entity): "SharedTypes.\(entity).ID"
        case .int: "Int"
        case .bool: "Bool"
        case .number: "Double"
        case .sharedChoice, .choice: isAnswer ? "OpenEnum<\(plainChoice(type))>" : plainChoice(type)
        case .named(let name): "\(namespace).\(name)"
        case .json, .object: "JSONValue"
        case .array(let element, _, _): "[\(property(element, isAnswer: isAnswer))]"
        case .dictionary(let element): "[String: \(property(element, isAnswer: isAnswer))]"
        case .page(let item): "ListPage<\(property(item, isAnswer: isAnswer))>"
        case .problem: "Problem"
        }
    }

    private func plainChoice(_ type: ValueType) -> String {
        switch type {
        case .sharedChoice(let name): "SharedTypes.\(name)"
        case .choice(let name): "\(namespace).\(name)"
        default: ""
        }
    }

    /// The type of an initialiser's argument, which of an enumeration takes the cases alone.
    func argument(_ type: ValueType) -> String {
        switch type {
        case .sharedChoice, .choice: plainChoice(type)
        case .array(let element, _, _) where isChoice(element): "[\(plainChoice(element))]"
        default: property(type, isAnswer: true)
        }
    }

    /// The property's value, from the initialiser's argument.
    func stored(_ name: String, _ type: ValueType, isOptional: Bool, isAnswer: Bool) -> String {
        guard isAnswer else { return name }
        switch type {
        case .sharedChoice, .choice: return isOptional ? "\(name).map { .known($0) }" : ".known(\(name))"
        case .array(let element, _, _) where isChoice(element):
            return isOptional
                ? "\(name)?.map { .known($0) }" : "\(name).map { .known($0) }"
        default: return name
        }
    }

    private func isChoice(_ type: ValueType) -> Bool {
        switch type {
        case .sharedChoice, .choice: true
        default: false
        }
    }

    /// The reader of a value.
    func reader(_ type: ValueType, isAnswer: Bool) -> String {
        switch type {
        case .text(let rule): text(rule)
        case .decimal(let range): ".decimal(\(range))"
        case .exchangeRate: ".exchangeRate"
        case .currency: ".currency"
        case .currencyUnit: ".currencyUnit"
        case .day: ".day"
        case .moment: ".moment"
        case .uuid: ".uuid"
        case .key(let entity): ".identifier(SharedTypes.\(entity).self)"
        case .int(let lower, let upper): int(lower, upper)
        case .bool: ".bool"
        case .number: ".number"
        case .sharedChoice, .choice: isAnswer ? ".nested" : ".choice"
        case .named, .page, .problem: ".nested"
        case .json: ".json"
        case .object: ".object"
        case .constant(let text): ".constant(\(Swift.String(reflecting: text)))"
        case .array(let element, let count, let isSet):
            ".\(isSet ? "set" : "array")(of: \(reader(element, isAnswer: isAnswer))\(countArgument(count)))"
        case .dictionary(let element): ".dictionary(of: \(reader(element, isAnswer: isAnswer)))"
        }
    }

    private func countArgument(_ count: ClosedRange<Int>?) -> String {
        count.map { ", count: \($0.lowerBound)...\($0.upperBound)" } ?? ", count: 0...Int.max"
    }

    private func int(_ lower: Int?, _ upper: Int?) -> String {
        if lower == nil, upper == nil { return ".int()" }
        return ".int(in: \(lower.map(String.init) ?? "Int.min")...\(upper.map(String.init) ?? "Int.max"))"
    }

    private func text(_ rule: TextRule) -> String {
        var arguments = "length: \(rule.lower ?? 0)...\(rule.upper.map(String.init) ?? "Int.max")"
        if rule.isMultiline { arguments += ", multiline: true" }
        if let pattern = rule.pattern { arguments += ", form: \(form(pattern, rule.reason))" }
        return ".text(\(arguments))"
    }

    /// A closure that gives the reason where the pattern does not match. The pattern of JSON Schema is a search.
    private func form(_ pattern: String, _ reason: String?) -> String {
        let isWhole = pattern.hasPrefix("^") && pattern.hasSuffix("$") && !pattern.hasSuffix("\\$")
        let inner = isWhole ? String(pattern.dropFirst().dropLast()) : pattern
        let regex = "#/\(inner)/#.matchingSemantics(.unicodeScalar)"
        let match = isWhole ? "wholeMatch(of: \(regex))" : "firstMatch(of: \(regex))"
        let message = Swift.String(reflecting: reason ?? "has not the form \(pattern)")
        return "{ $0.\(match) == nil ? \(message) : nil }"
    }

    /// The statement that writes a value.
    func write(_ name: String, _ type: ValueType, isAnswer: Bool, to writer: String = "writer") -> String {
        switch type {
        case .array(let element, _, _):
            "\(writer).array(of: \(name)) { \(write("$1", element, isAnswer: isAnswer, to: "$0")) }"
        case .dictionary(let element):
            "\(writer).write(\(name)) { \(write("$1", element, isAnswer: isAnswer, to: "$0")) }"
        case .constant(let text): "\(writer).write(\(Swift.String(reflecting: text)))"
        default: "\(writer).write(\(name))"
        }
    }

    /// The text of a parameter.
    func parameterText(_ name: String, _ type: ValueType) -> String {
        switch type {
        case .text: name
        case .sharedChoice, .choice: "\(name).rawValue"
        case .moment: "\(name).rfc3339"
        case .uuid: "\(name).uuidString.lowercased()"
        default: "\"\\(\(name))\""
        }
    }
}
