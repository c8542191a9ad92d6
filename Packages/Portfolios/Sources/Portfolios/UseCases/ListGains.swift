import DatabaseClient
import ExactTypes
import SharedTypes

/// Lists a page of a portfolio's realized gains before one of them, the latest first; throws `.notFound`.
func listGains(
    in portfolioID: Portfolio.ID, of userID: User.ID, instrumentID: Instrument.ID?, days: DayRange,
    before position: ListPosition<LotClosure>?, limit: Int, on database: any QueryExecutor
) async throws -> ListPage<ListGainsRow> {
    _ = try await findPortfolio(portfolioID, of: userID, on: database)
    let position = position ?? ListPosition(at: days.end, id: .lowest)
    return ListPage(
        try await database.listGains(
            userID: userID, portfolioID: portfolioID, fromAt: days.start, beforeAt: position.at,
            beforeID: position.id, instrumentID: instrumentID, rowLimit: limit + 1),
        limit: limit)
}
