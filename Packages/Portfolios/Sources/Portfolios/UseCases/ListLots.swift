import DatabaseClient
import ExactTypes
import SharedTypes

/// The place in a list of lots, which is by instrument and then by time.
struct LotPosition: Sendable {
    let instrumentID: Instrument.ID
    let lot: ListPosition<Lot>
}

/// A lot of a list, as it now stands.
struct ListedLot: Sendable {
    let id: Lot.ID
    let instrumentID: Instrument.ID
    let currency: Currency
    let lot: TaxLot
}

/// Lists a portfolio's lots as they now stand, by instrument, the oldest first, after one of them; throws
/// `.notFound`.
func listLots(
    in portfolioID: Portfolio.ID, of userID: User.ID, instrumentID: Instrument.ID?,
    after position: LotPosition?,
    limit: Int, includingClosed: Bool, on database: any QueryExecutor
) async throws -> [ListedLot] {
    let first = ListPosition<Lot>(at: DayRange(from: nil, to: nil).start, id: .lowest)
    let position = position ?? LotPosition(instrumentID: instrumentID ?? .lowest, lot: first)
    let rows = try await database.listLots(
        userID: userID, portfolioID: portfolioID, afterInstrumentID: position.instrumentID,
        afterAt: position.lot.at, afterID: position.lot.id, instrumentID: instrumentID,
        includeClosed: includingClosed, rowLimit: limit)
    try await requirePortfolio(portfolioID, of: userID, ofEmpty: rows, on: database)
    return try rows.map { row in
        let basis = CostBasis(
            quantity: row.heldQuantity, cost: row.heldCost, fees: row.heldFees,
            capitalReturned: row.heldCapitalReturned)
        return ListedLot(
            id: row.id, instrumentID: row.instrumentID, currency: row.currency,
            lot: try basis.standing(TaxLot(row)))
    }
}

extension TaxLot {
    init(_ row: ListLotsRow) {
        self.init(
            openedBy: row.openedBy, openedAt: row.openedAt, quantity: row.quantity, remaining: row.remaining,
            cost: row.cost, remainingCost: row.remainingCost, fees: row.fees,
            remainingFees: row.remainingFees, unitBasis: row.unitBasis, capitalReturned: row.capitalReturned)
    }
}
