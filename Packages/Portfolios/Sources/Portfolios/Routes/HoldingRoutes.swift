import DatabaseClient
import ExactTypes
import Hummingbird
import ServiceKit
import SharedTypes

/// `/v1/portfolios/{portfolio_id}/holdings` and `/cash-balances`.
struct HoldingRoutes {
    let database: Database

    func add(to router: ServiceRouter) {
        router.get("/v1/portfolios/{portfolio_id}/holdings", use: list)
        router.get("/v1/portfolios/{portfolio_id}/cash-balances", use: listCash)
    }

    @Sendable private func list(_ request: Request, _ context: ServiceContext) async throws -> Response {
        let user = try context.user()
        let portfolioID = try context.identifier("portfolio_id", Portfolio.self)
        let query = try Fields.query(of: request)
        let page = try PageQuery.read(from: query)
        let includesClosed = try query.optionalBool("include_closed") ?? false
        try query.finish()
        let holdings = try await listHoldings(
            in: portfolioID, of: user.userID,
            after: try page.after.map { try Cursor.decode($0, Instrument.self) },
            limit: page.limit, includingClosed: includesClosed, on: database.acting(as: user.userID.uuid))
        return try .json(ListAnswer(holdings, HoldingAnswer.init) { Cursor.encode(["\($0.instrumentID)"]) })
    }

    private struct CashAnswer: Encodable {
        let items: [CashBalanceAnswer]
    }

    @Sendable private func listCash(_ request: Request, _ context: ServiceContext) async throws -> Response {
        let user = try context.user()
        let portfolioID = try context.identifier("portfolio_id", Portfolio.self)
        try Fields.query(of: request).finish()
        return try .json(
            CashAnswer(
                items: try await listCashBalances(
                    in: portfolioID, of: user.userID, on: database.acting(as: user.userID.uuid)
                ).map(CashBalanceAnswer.init)))
    }
}
