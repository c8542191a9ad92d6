import ContractKit
import DatabaseClient
import ExactTypes
import PortfoliosContract
import ServiceKit
import SharedTypes

/// `/v1/portfolios/{portfolio_id}/lots` and `/gains`.
struct LotRoutes {
    private typealias API = PortfoliosAPI

    let database: Database

    func add(to routes: EndpointRoutes) {
        routes.read(API.ListLots.self, list)
        routes.read(API.ListGains.self, listGains)
    }

    @Sendable private func list(_ call: Call<API.ListLots>) async throws -> API.ListLots.Output {
        let page = try call.page(Instrument.ID.self, CursorMoment.self, Lot.ID.self)
        let lots = try await listLots(
            in: call.parameters.portfolioID, of: call.user, instrumentID: call.parameters.instrumentID,
            after: page.after.map { instrument, at, id in
                LotPosition(instrumentID: instrument, lot: ListPosition(at: at.date, id: id))
            },
            limit: page.rowLimit, includingClosed: call.parameters.includeClosed,
            on: database.acting(as: call.user.uuid))
        return .ok(
            page.answer(lots, API.Lot.init) { ($0.instrumentID, CursorMoment($0.lot.openedAt), $0.id) })
    }

    @Sendable private func listGains(_ call: Call<API.ListGains>) async throws -> API.ListGains.Output {
        let parameters = call.parameters
        let page = try call.page(CursorMoment.self, LotClosure.ID.self)
        let rows = try await Portfolios.listGains(
            in: parameters.portfolioID, of: call.user, instrumentID: parameters.instrumentID,
            days: try DayRange(inOrder: parameters.from, parameters.to),
            before: page.after.map { at, id in ListPosition(at: at.date, id: id) }, limit: page.rowLimit,
            on: database.acting(as: call.user.uuid))
        return .ok(page.answer(rows, API.Gain.init) { (CursorMoment($0.closedAt), $0.id) })
    }
}

extension PortfoliosAPI.Lot {
    fileprivate init(_ listed: ListedLot) {
        let lot = listed.lot
        self.init(
            id: listed.id, instrumentID: listed.instrumentID, openedBy: lot.openedBy, openedAt: lot.openedAt,
            quantity: lot.quantity, remaining: lot.remaining, currency: listed.currency, cost: lot.cost,
            remainingCost: lot.remainingCost, fees: lot.fees, remainingFees: lot.remainingFees)
    }
}

extension PortfoliosAPI.Gain {
    fileprivate init(_ row: ListGainsRow) {
        self.init(
            id: row.id, instrumentID: row.instrumentID, lotID: row.lotID, openedBy: row.openedBy,
            openedAt: row.openedAt, closedBy: row.closedBy, closedAt: row.closedAt, kind: row.kind,
            quantity: row.quantity, currency: row.currency, proceeds: row.proceeds, saleFees: row.saleFees,
            cost: row.cost, costFees: row.costFees, realizedGain: row.realizedGain)
    }
}
