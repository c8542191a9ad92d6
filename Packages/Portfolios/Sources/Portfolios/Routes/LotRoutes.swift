import DatabaseClient
import ExactTypes
import Hummingbird
import ServiceKit
import SharedTypes

/// `/v1/portfolios/{portfolio_id}/lots` and `/gains`.
struct LotRoutes {
    let database: Database

    func add(to router: ServiceRouter) {
        router.get("/v1/portfolios/{portfolio_id}/lots", use: list)
        router.get("/v1/portfolios/{portfolio_id}/gains", use: listGains)
    }

    @Sendable private func list(_ request: Request, _ context: ServiceContext) async throws -> Response {
        let user = try context.user()
        let portfolioID = try context.identifier("portfolio_id", Portfolio.self)
        let query = try Fields.query(of: request)
        let page = try PageQuery.read(from: query)
        let instrumentID = try query.optionalIdentifier("instrument_id", Instrument.self)
        let includesClosed = try query.optionalBool("include_closed") ?? false
        try query.finish()
        let lots = try await listLots(
            in: portfolioID, of: user.userID, instrumentID: instrumentID,
            after: try page.after.map { try Cursor.decode(lots: $0) }, limit: page.limit,
            includingClosed: includesClosed, on: database.acting(as: user.userID.uuid))
        return try .json(
            ListAnswer(lots, LotAnswer.init) { lot in
                Cursor.encode(
                    LotPosition(
                        instrumentID: lot.instrumentID, lot: ListPosition(at: lot.lot.openedAt, id: lot.id)))
            })
    }

    @Sendable private func listGains(_ request: Request, _ context: ServiceContext) async throws -> Response {
        let user = try context.user()
        let portfolioID = try context.identifier("portfolio_id", Portfolio.self)
        let query = try Fields.query(of: request)
        let page = try PageQuery.read(from: query)
        let instrumentID = try query.optionalIdentifier("instrument_id", Instrument.self)
        let days = try DayRange(query)
        try query.finish()
        let gains = try await Portfolios.listGains(
            in: portfolioID, of: user.userID, instrumentID: instrumentID, days: days,
            before: try page.after.map { try Cursor.decode($0, at: LotClosure.self) }, limit: page.limit,
            on: database.acting(as: user.userID.uuid))
        return try .json(
            ListAnswer(gains, GainAnswer.init) {
                Cursor.encode(ListPosition<LotClosure>(at: $0.closedAt, id: $0.id))
            })
    }
}
