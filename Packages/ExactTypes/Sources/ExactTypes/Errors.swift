/// Why exact arithmetic has no answer.
public enum ArithmeticError: Error, Sendable, Hashable {
    /// The result, or a given value, lies outside the range that its type can hold.
    case overflow
    /// A division by zero was asked for.
    case divisionByZero
    /// Amounts of two currencies were added, subtracted or compared.
    case currencyMismatch
}

/// Why a text is not the value it should be.
public struct ParseError: Error, Sendable, Hashable, CustomStringConvertible {
    /// A sentence fragment that goes on after the field's name: "has more than 18 decimals".
    public let reason: String

    /// Makes an error from a fragment that reads well after a field's name.
    public init(reason: String) { self.reason = reason }

    /// The reason itself.
    public var description: String { reason }
}

/// Why a value in a named field of a request, of a file or of a rule's input cannot be taken.
public struct FieldError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The field, as the interface or the format calls it, with the path to it: "lots.3.quantity".
    public let field: String
    /// A sentence fragment that goes on after the field's name: "is not above zero".
    public let reason: String

    /// Makes an error from a fragment that reads well after the field's name.
    public init(field: String, reason: String) {
        self.field = field
        self.reason = reason
    }

    /// The sentence: "amount is not above zero".
    public var description: String { "\(field) \(reason)" }

    /// What a parser makes of a field's value; its refusal names the field.
    ///
    ///     let email = try FieldError.checked("email", text, AccountEmail.init(parsing:))
    public static func checked<Input, Value>(
        _ field: String, _ input: Input, _ parse: (Input) throws(ParseError) -> Value
    ) throws(FieldError) -> Value {
        do throws(ParseError) {
            return try parse(input)
        } catch {
            throw FieldError(field: field, reason: error.reason)
        }
    }
}
