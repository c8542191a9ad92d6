public import ExactTypes
public import StrictJSON

/// A page of a list, and the cursor of the next.
public struct ListPage<Item: Sendable>: Sendable {
    /// The rows.
    public var items: [Item]
    /// The cursor, to be given as `after`; nil on the last page. It is opaque to a client.
    public var next: String?

    /// A page that is known already.
    public init(items: [Item], next: String?) {
        self.items = items
        self.next = next
    }
}

extension ListPage: Equatable where Item: Equatable {}
extension ListPage: Hashable where Item: Hashable {}

extension ListPage: JSONReadable where Item: JSONReadable {
    /// Reads a page.
    public init(reading value: JSONValue, _ rules: ReadingRules) throws(FieldError) {
        let members = try MemberReader(value, rules)
        items = try members.required("items", .array(of: .nested))
        next = try members.nullable("next", .text())
        try members.refuseOthers(than: ["items", "next"])
    }
}

extension ListPage: JSONWritable where Item: JSONWritable {
    /// Writes `next` as null on the last page.
    public func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("\"items\":")
        writer.array(of: items) { $0.write($1) }
        writer.member("\"next\":")
        if let next { writer.write(next) } else { writer.writeNull() }
        writer.endObject()
    }
}
