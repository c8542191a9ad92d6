import DatabaseClient
import EventLog
import ExactTypes
import Foundation
import SharedTypes

/// Closes a portfolio for postings, or opens it again. `check` sees the revision that stands, under a lock,
/// before anything is written; where the portfolio is so already, nothing changes.
func archivePortfolio(
    _ portfolioID: Portfolio.ID, isArchived: Bool, in context: OperationContext, check: (Int) throws -> Void
) async throws -> PortfolioRow {
    let (userID, transaction, now) = (try context.user, context.transaction, context.now)
    guard let portfolio = try await transaction.lockPortfolio(userID: userID, portfolioID: portfolioID) else {
        throw PortfoliosError.notFound("portfolio")
    }
    try check(portfolio.revision)
    guard (portfolio.archivedAt != nil) != isArchived else { return portfolio }
    // A clock that was set back must not archive a portfolio before it was made.
    return try await transaction.archivePortfolio(
        archivedAt: isArchived ? max(now, portfolio.createdAt) : nil, now: now, userID: userID,
        portfolioID: portfolioID)
}
