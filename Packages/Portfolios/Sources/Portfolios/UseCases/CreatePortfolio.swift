import DatabaseClient
import EventLog
import ExactTypes
import PortfoliosContract
import SharedTypes

/// Creates a portfolio. Its method and whether it tracks cash stay for good: the books depend on them. A name that
/// the user has already violates `portfolios_name_key`.
func createPortfolio(
    _ new: PortfoliosAPI.NewPortfolio, in context: OperationContext
) async throws -> PortfolioRow {
    try await context.transaction.createPortfolio(
        userID: try context.user, portfolioID: .version7(at: context.now), name: new.name, kind: new.kind,
        baseCurrency: new.baseCurrency, costBasisMethod: new.costBasisMethod, tracksCash: new.tracksCash,
        now: context.now)
}
