public import ExactTypes
public import StrictJSON

/// An error as a client sees it, in the form of RFC 9457.
public struct Problem: Error, Sendable, Equatable {
    /// What stands before the slug in each type of Grove's own.
    public static let typePrefix = "urn:grove:problem:"

    /// The answer's HTTP status.
    public let status: Int
    /// The stable type: "urn:grove:problem:invalid-field".
    public let type: String
    /// What kind of problem it is; the same for every occurrence of the type.
    public let title: String
    /// What is wrong this time, in a sentence for a person.
    public var detail: String?
    /// The field, parameter or header at fault: `activities[18].quantity`.
    public var field: String?
    /// The path of the request.
    public var instance: String?
    /// The id of the request, by which the service's log can be searched.
    public var requestID: String?
    /// Headers that go with the answer, by their names in lower case, as `retry-after`.
    public var headers: [String: String] = [:]
    /// Further members of the problem document, in snake case.
    public var extensions: [String: JSONValue] = [:]

    /// A problem of the type "urn:grove:problem:<slug>".
    public init(
        status: Int, slug: String, title: String, detail: String? = nil, field: String? = nil
    ) {
        self.status = status
        type = Self.typePrefix + slug
        self.title = title
        self.detail = detail
        self.field = field
    }

    /// The further members as the type that the contract has for them.
    ///
    ///     let rows = try problem.extensions(as: MarketAPI.ImportProblem.self).rows
    public func extensions<Value: JSONReadable>(
        as type: Value.Type, _ rules: ReadingRules = .answer
    ) throws(FieldError) -> Value { try Value(reading: .object(extensions), rules) }

    /// The last part of the type: `invalid-field`.
    public var slug: String {
        type.hasPrefix(Self.typePrefix) ? String(type.dropFirst(Self.typePrefix.count)) : type
    }
}

extension Problem: JSONReadable, JSONWritable {
    /// Reads a problem document; members that are none of RFC 9457 or Grove's own are kept as extensions.
    public init(reading value: JSONValue, _ rules: ReadingRules) throws(FieldError) {
        let members = try MemberReader(value, rules)
        type = try members.required("type", .text())
        title = try members.required("title", .text())
        status = try members.required("status", .int(in: 100...599))
        detail = try members.optional("detail", .text())
        field = try members.optional("field", .text())
        instance = try members.optional("instance", .text())
        requestID = try members.optional("request_id", .text())
        let known: Set = ["type", "title", "status", "detail", "field", "instance", "request_id"]
        extensions = value.members.filter { !known.contains($0.key) }
    }

    /// Writes the members in the order of RFC 9457, then Grove's, then the extensions by name.
    public func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("\"type\":")
        writer.write(type)
        writer.member("\"title\":")
        writer.write(title)
        writer.member("\"status\":")
        writer.write(status)
        for (name, value) in [
            ("detail", detail), ("field", field), ("instance", instance), ("request_id", requestID),
        ] {
            guard let value else { continue }
            writer.member(named: name)
            writer.write(value)
        }
        for (name, value) in extensions.sorted(by: { $0.key < $1.key }) {
            writer.member(named: name)
            writer.write(value)
        }
        writer.endObject()
    }
}
