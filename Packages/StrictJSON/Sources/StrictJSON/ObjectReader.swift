public import ExactTypes
import Foundation

/// The members of one JSON object, read once each. A fault names the member, and one that was not read is unknown.
public struct ObjectReader {
    private var members: [String: JSONValue]

    /// Reads the text of an object; the fault of a text that is none names no field.
    public init(parsing text: some StringProtocol) throws(FieldError) {
        guard case .object(let members)? = try? JSONValue(parsing: text) else {
            throw FieldError(field: "", reason: "must be an object")
        }
        self.members = members
    }

    /// A text.
    public mutating func text(_ name: String) throws(FieldError) -> String {
        guard case .string(let text) = try take(name) else {
            throw FieldError(field: name, reason: "must be a string")
        }
        return text
    }

    /// A whole number within a range.
    public mutating func int(
        _ name: String, in range: ClosedRange<Int>, default standard: Int? = nil
    ) throws(FieldError) -> Int {
        if members[name] == nil, let standard { return standard }
        guard case .number(let number) = try take(name), let int = Int(number.description),
            range.contains(int)
        else {
            throw FieldError(
                field: name,
                reason: "must be a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return int
    }

    /// A case of an enumeration, by its raw value.
    public mutating func enumeration<E: RawRepresentable<String> & CaseIterable>(
        _ name: String, _ type: E.Type
    ) throws(FieldError) -> E {
        guard case .string(let text) = try take(name), let value = E(rawValue: text) else {
            let names = E.allCases.map(\.rawValue).joined(separator: ", ")
            throw FieldError(field: name, reason: "must be one of \(names)")
        }
        return value
    }

    /// One or more of those given, each once.
    public mutating func choices<E: RawRepresentable<String> & Hashable>(
        _ name: String, among admitted: [E]
    ) throws(FieldError) -> Set<E> {
        let fault = FieldError(
            field: name,
            reason: "must be a list of any of \(admitted.map(\.rawValue).joined(separator: ", "))")
        guard case .array(let elements) = try take(name), !elements.isEmpty else { throw fault }
        var chosen: Set<E> = []
        for element in elements {
            guard case .string(let text) = element,
                let value = admitted.first(where: { $0.rawValue == text }),
                chosen.insert(value).inserted
            else { throw fault }
        }
        return chosen
    }

    /// Refuses a member that was not read.
    public func finish() throws(FieldError) {
        if let unknown = members.keys.min() {
            throw FieldError(field: unknown, reason: "is not a known field")
        }
    }

    private mutating func take(_ name: String) throws(FieldError) -> JSONValue {
        guard let value = members.removeValue(forKey: name) else {
            throw FieldError(field: name, reason: "is required")
        }
        return value
    }
}
