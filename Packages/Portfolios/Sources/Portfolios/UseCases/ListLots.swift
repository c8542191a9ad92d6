import DatabaseClient
import ExactTypes
import SharedTypes

/// The place in a list of lots, which is by instrument and then by time.
struct LotPosition: Sendable {
    let instrumentID: Instrument.ID
    let lot: ListPosition<Lot>
}

/// Lists a page of a portfolio's lots by instrument, the oldest first, after one of them; throws `.notFound`.
func listLots(
    in portfolioID: Portfolio.ID, of userID: User.ID, instrumentID: Instrument.ID?,
    after position: LotPosition?,
    limit: Int, includingClosed: Bool, on database: any QueryExecutor
) async throws -> ListPage<ListLotsRow> {
    let first = ListPosition<Lot>(at: DayRange(from: nil, to: nil).start, id: .lowest)
    let position = position ?? LotPosition(instrumentID: instrumentID ?? .lowest, lot: first)
    let rows = try await database.listLots(
        userID: userID, portfolioID: portfolioID, afterInstrumentID: position.instrumentID,
        afterAt: position.lot.at, afterID: position.lot.id, instrumentID: instrumentID,
        includeClosed: includingClosed, rowLimit: limit + 1)
    try await requirePortfolio(portfolioID, of: userID, ofEmpty: rows, on: database)
    return ListPage(rows, limit: limit)
}
