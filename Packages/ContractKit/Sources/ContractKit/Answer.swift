public import ExactTypes
public import StrictJSON

/// An answer as it crosses the wire.
public struct Answer: Sendable {
    public var status: Int
    /// By name; the name's case does not count.
    public var headers: [(name: String, value: String)]
    public var content: Content?

    /// An answer that is known already.
    public init(status: Int, headers: [(name: String, value: String)] = [], content: Content? = nil) {
        self.status = status
        self.headers = headers
        self.content = content
    }

    /// The value of a header; nil where there is none.
    public func header(_ name: String) -> String? {
        headers.first { $0.name.lowercased() == name.lowercased() }?.value
    }

    /// The value of a header that the contract promises.
    public func requiredHeader(_ name: String) throws(FieldError) -> String {
        guard let value = header(name) else { throw FieldError(field: name, reason: "is required") }
        return value
    }

    /// The body as the contract has it.
    public func body<Value: Sendable>(
        _ reader: ValueReader<Value>, _ rules: ReadingRules
    ) throws(FieldError) -> Value {
        guard let content else { throw FieldError(field: "", reason: "has no body") }
        return try reader(try content.value(), rules)
    }

    /// The body as it came, where it is a file.
    public func file() throws(FieldError) -> Content {
        guard let content else { throw FieldError(field: "", reason: "has no body") }
        return content
    }

    /// The fault of an answer that the contract does not have.
    public var unforeseen: FieldError {
        FieldError(field: "status", reason: "\(status) is no answer of the contract")
    }
}
