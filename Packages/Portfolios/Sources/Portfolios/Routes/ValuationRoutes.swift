import DatabaseClient
import ExactTypes
import Foundation
import Hummingbird
import ServiceKit
import SharedTypes

/// `/v1/portfolios/{portfolio_id}/valuation`.
struct ValuationRoutes {
    /// So many holdings are written in a few milliseconds.
    private static let shortLines = 500

    let database: Database
    let heavyWork: HeavyWork
    let now: @Sendable () -> Date

    func add(to router: ServiceRouter) {
        router.get("/v1/portfolios/{portfolio_id}/valuation", use: value)
    }

    @Sendable private func value(_ request: Request, _ context: ServiceContext) async throws -> Response {
        let user = try context.user()
        let portfolioID = try context.identifier("portfolio_id", Portfolio.self)
        let query = try Fields.query(of: request)
        let day = try query.optionalDay("day") ?? CalendarDay(utc: now())
        let currency = try query.optionalCurrency("currency")
        try query.finish()
        return try await context.whileConnected {
            try await heavyWork.withTurn(for: user.userID) { turn in
                let valuation = try await valuePortfolio(
                    portfolioID, of: user.userID, on: day, in: currency, using: database, turn: turn)
                let isLong = valuation.valuation.lines.count > Self.shortLines
                let answer = try await turn.run(isLong: isLong) { _ in
                    try Response.json(try ValuationAnswer(valuation))
                }
                return turn.held(until: answer, to: context)
            }
        }
    }
}
