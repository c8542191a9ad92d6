/// The rows of a page, and whether there are more.
struct ListPage<Row: Sendable>: Sendable {
    let rows: [Row]
    let hasMore: Bool

    /// Takes what a query for one row more than the page holds has found.
    init(_ found: [Row], limit: Int) {
        rows = Array(found.prefix(limit))
        hasMore = found.count > limit
    }
}
