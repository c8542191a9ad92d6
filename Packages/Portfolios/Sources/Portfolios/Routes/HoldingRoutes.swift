import ContractKit
import DatabaseClient
import ExactTypes
import PortfoliosContract
import ServiceKit
import SharedTypes

/// `/v1/portfolios/{portfolio_id}/holdings` and `/cash-balances`.
struct HoldingRoutes {
    private typealias API = PortfoliosAPI

    let database: Database

    func add(to routes: EndpointRoutes) {
        routes.read(API.ListHoldings.self, list)
        routes.read(API.ListCashBalances.self, listCash)
    }

    @Sendable private func list(_ call: Call<API.ListHoldings>) async throws -> API.ListHoldings.Output {
        let page = try call.page(Instrument.ID.self)
        let rows = try await listHoldings(
            in: call.parameters.portfolioID, of: call.user, after: page.after, limit: page.rowLimit,
            includingClosed: call.parameters.includeClosed, on: database.acting(as: call.user.uuid))
        return .ok(page.answer(rows, API.Holding.init) { $0.instrumentID })
    }

    @Sendable private func listCash(
        _ call: Call<API.ListCashBalances>
    ) async throws -> API.ListCashBalances.Output {
        let rows = try await listCashBalances(
            in: call.parameters.portfolioID, of: call.user, on: database.acting(as: call.user.uuid))
        return .ok(.init(items: rows.map { .init(currency: $0.currency, balance: $0.balance) }))
    }
}

extension PortfoliosAPI.Holding {
    fileprivate init(_ row: ListHoldingsRow) {
        self.init(
            instrumentID: row.instrumentID, symbol: row.symbol, name: row.name, quantity: row.quantity,
            currency: row.currency, costBasis: row.costBasis, basisFees: row.basisFees,
            averageCost: row.averageCost, realizedGain: row.realizedGain, income: row.income, fees: row.fees)
    }
}
