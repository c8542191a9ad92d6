import DatabaseClient
import EventLog
import ExactTypes
import Foundation
import SharedTypes

/// Gives a portfolio another name. `check` sees the revision that stands, under a lock, before anything is
/// written; the name that the portfolio has already changes nothing.
func renamePortfolio(
    _ portfolioID: Portfolio.ID, to name: String, in context: OperationContext, check: (Int) throws -> Void
) async throws -> PortfolioRow {
    let (userID, transaction) = (try context.user, context.transaction)
    guard let portfolio = try await transaction.lockPortfolio(userID: userID, portfolioID: portfolioID) else {
        throw PortfoliosError.notFound("portfolio")
    }
    try check(portfolio.revision)
    guard portfolio.name != name else { return portfolio }
    return try await transaction.renamePortfolio(
        name: name, now: context.now, userID: userID, portfolioID: portfolioID)
}
