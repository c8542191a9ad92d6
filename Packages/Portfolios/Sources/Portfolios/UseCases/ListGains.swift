import DatabaseClient
import ExactTypes
import SharedTypes

/// Lists a portfolio's realized gains before one of them, the latest first; throws `.notFound`.
func listGains(
    in portfolioID: Portfolio.ID, of userID: User.ID, instrumentID: Instrument.ID?, days: DayRange,
    before position: ListPosition<LotClosure>?, limit: Int, on database: any QueryExecutor
) async throws -> [ListGainsRow] {
    let position = position ?? ListPosition(at: days.end, id: .lowest)
    let rows = try await database.listGains(
        userID: userID, portfolioID: portfolioID, fromAt: days.start, beforeAt: position.at,
        beforeID: position.id, instrumentID: instrumentID, rowLimit: limit)
    try await requirePortfolio(portfolioID, of: userID, ofEmpty: rows, on: database)
    return rows
}
