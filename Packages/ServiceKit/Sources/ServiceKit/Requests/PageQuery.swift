import ContractKit
import Hummingbird

/// Which page of a list is asked for: `?after=CURSOR&limit=50`.
public struct PageQuery: Sendable, Hashable {
    /// The cursor after which the page begins, or nil for the first one. ``Cursor/decode(_:as:)`` reads
    /// it.
    public let after: String?
    /// How many rows the page may hold.
    public let limit: Int

    /// Reads the page from a request that has no other parameters; any other is refused with 422.
    public static func read(
        from request: Request, _ context: ServiceContext, default standard: Int = 50, maximum: Int = 200
    ) throws(Problem) -> PageQuery {
        let query = try Fields.query(of: request)
        let page = try read(from: query, default: standard, maximum: maximum)
        try query.finish()
        return page
    }

    /// Reads the page's parameters among others, from ``Fields/query(of:)``.
    public static func read(
        from query: Fields, default standard: Int = 50, maximum: Int = 200
    ) throws(Problem) -> PageQuery {
        PageQuery(
            after: try query.optionalString("after", length: 1...1_024),
            limit: try query.optionalInt("limit", in: 1...maximum) ?? standard)
    }
}
