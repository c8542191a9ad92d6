/// A page of a list, and the cursor of the next: null on the last page.
public struct ListAnswer<Item: Encodable>: Encodable {
    private let items: [Item]
    private let next: String?

    private enum CodingKeys: CodingKey { case items, next }

    /// - Parameter next: the cursor of the next page; nil on the last.
    public init(items: [Item], next: String?) {
        self.items = items
        self.next = next
    }

    /// - Parameter rows: one more than the page holds, where there are more.
    public init<Row>(
        _ rows: [Row], limit: Int, _ item: (Row) throws -> Item, cursor: (Row) -> String
    ) rethrows {
        let shown = rows.prefix(limit)
        self.init(items: try shown.map(item), next: rows.count > limit ? shown.last.map(cursor) : nil)
    }

    /// Writes null for a missing cursor, which a synthesised encoding would leave out.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(items, forKey: .items)
        try container.encode(next, forKey: .next)
    }
}
