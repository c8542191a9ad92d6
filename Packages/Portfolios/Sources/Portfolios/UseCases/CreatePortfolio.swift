import DatabaseClient
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
    _ new: NewPortfolio, of userID: User.ID, in transaction: DatabaseTransaction, at now: Date
) async throws -> PortfolioRow {
    try await transaction.createPortfolio(
        userID: userID, portfolioID: .version7(at: now), name: new.name, kind: new.kind,
        baseCurrency: new.baseCurrency, costBasisMethod: new.costBasisMethod, tracksCash: new.tracksCash,
        now: now)
}
