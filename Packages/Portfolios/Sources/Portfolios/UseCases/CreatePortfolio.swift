import DatabaseClient
import EventLog
import ExactTypes
import Foundation
import SharedTypes

/// What a new portfolio is to be. Its method and whether it tracks cash stay for good: the books depend on them.
struct NewPortfolio: Sendable {
    let name: String
    let kind: PortfolioKind
    let baseCurrency: Currency
    let costBasisMethod: CostBasisMethod
    let tracksCash: Bool
}

/// Creates a portfolio. A name that the user has already violates `portfolios_name_key`.
func createPortfolio(
    _ new: NewPortfolio, in context: OperationContext
) async throws -> PortfolioRow {
    try await context.transaction.createPortfolio(
        userID: try context.user, portfolioID: .version7(at: context.now), name: new.name, kind: new.kind,
        baseCurrency: new.baseCurrency, costBasisMethod: new.costBasisMethod, tracksCash: new.tracksCash,
        now: context.now)
}
