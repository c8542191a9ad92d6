public import ExactTypes

/// The members of one object, each read by a ``ValueReader``. A fault is thrown with the path of the field.
public struct MemberReader: Sendable {
    private let members: [String: JSONValue]
    /// How strictly they are read.
    public let rules: ReadingRules

    /// The members of a value; throws where it is no object.
    public init(_ value: JSONValue, _ rules: ReadingRules) throws(FieldError) {
        guard case .object(let members) = value else {
            throw FieldError(field: "", reason: "must be an object, and is \(value.kind)")
        }
        self.init(members, rules)
    }

    /// These members, as the parameters of a query.
    public init(_ members: [String: JSONValue], _ rules: ReadingRules) {
        self.members = members
        self.rules = rules
    }

    /// A member that must be there.
    public func required<Value: Sendable>(_ name: String, _ reader: ValueReader<Value>) throws(FieldError)
        -> Value
    {
        guard let value = members[name] else { throw FieldError(field: name, reason: "is required") }
        do throws(FieldError) {
            return try reader.read(value, rules)
        } catch {
            throw error.within(name)
        }
    }

    /// A member that may be left out; null is the same as left out.
    public func optional<Value: Sendable>(_ name: String, _ reader: ValueReader<Value>) throws(FieldError)
        -> Value?
    {
        guard let value = members[name], value != .null else { return nil }
        return try required(name, reader)
    }

    /// A member that must be there and may be null.
    public func nullable<Value: Sendable>(_ name: String, _ reader: ValueReader<Value>) throws(FieldError)
        -> Value?
    {
        if members[name] == .null { return nil }
        return try required(name, reader)
    }

    /// Whether the member is there and null, which in a change may mean: remove it.
    public func isNull(_ name: String) -> Bool { members[name] == .null }

    /// The text of a member by which the reader of a union chooses.
    public func tag(_ name: String) throws(FieldError) -> String { try required(name, .text()) }

    /// Refuses members that the contract does not know; in an answer that a client reads they are passed over.
    public func refuseOthers(than known: Set<String>) throws(FieldError) {
        guard rules.isStrict, let unknown = members.keys.filter({ !known.contains($0) }).min() else { return }
        throw FieldError(field: unknown, reason: "is not a known field")
    }
}

extension FieldError {
    /// The same fault, seen from the object or array that has this member or element.
    func within(_ name: String) -> FieldError {
        let path =
            field.isEmpty ? name : field.hasPrefix("[") ? name + field : "\(name).\(field)"
        return FieldError(field: path, reason: reason)
    }
}
