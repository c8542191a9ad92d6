public import ContractKit
import Foundation

/// Which page of a list is asked for, by the values that its rows are sorted by: `?after=CURSOR&limit=50`.
///
///     let page = try call.page(Quest.ID.self, String.self)
public struct Page<each Value: LosslessStringConvertible & Sendable>: Sendable {
    /// The values of the row after which the page begins; nil for the first page.
    public let after: (repeat each Value)?
    /// How many rows the page may hold.
    public let limit: Int

    /// Reads the parameters; throws 422 naming `after` where it is no cursor of this list.
    public init(_ parameters: some PagedParameters, _ types: repeat (each Value).Type) throws(Problem) {
        limit = parameters.limit
        if let cursor = parameters.after {
            after = .some(try Cursor.decode(cursor, as: repeat each types))
        } else {
            after = .none
        }
    }

    /// How many rows to read: one more than the page holds says that there is another page.
    public var rowLimit: Int { limit + 1 }

    /// The rows that the page holds, and the cursor of the next page.
    public func shown<Row>(
        _ rows: [Row], by position: (Row) -> (repeat each Value)
    ) -> (rows: ArraySlice<Row>, next: String?) {
        let shown = rows.prefix(limit)
        guard rows.count > limit, let last = shown.last else { return (shown, nil) }
        var texts: [String] = []
        let values = position(last)
        for value in repeat each values { texts.append(value.description) }
        return (shown, Cursor.encode(texts))
    }

    /// The page that the contract shows.
    ///
    /// - Parameter rows: as many as ``rowLimit`` or fewer.
    public func answer<Row, Item>(
        _ rows: [Row], _ item: (Row) throws -> Item, by position: (Row) -> (repeat each Value)
    ) rethrows -> ListPage<Item> {
        let (shown, next) = shown(rows, by: position)
        return ListPage(items: try shown.map(item), next: next)
    }
}

extension Call where E.Parameters: PagedParameters {
    /// The page that is asked for; throws 422 naming `after` where it is no cursor of a list with these values.
    public func page<each Value: LosslessStringConvertible & Sendable>(
        _ types: repeat (each Value).Type
    ) throws(Problem) -> Page<repeat each Value> {
        try Page(parameters, repeat each types)
    }
}
