import DatabaseClient
import EventLog
import ExactTypes
import Foundation
import SharedTypes

/// Imports what was planned, all of it or nothing.
///
/// Throws `.notFound`, `.archived`, `.rowsRefused`, and `.booksChanged` where the plan was made on other books than
/// now stand: then nothing has happened, and it can be made again.
func importActivities(
    _ plan: ImportPlan, into portfolioID: Portfolio.ID, events: EventLog, in context: OperationContext
) async throws {
    guard plan.report.faults.isEmpty else { throw PortfoliosError.rowsRefused(plan.report.faults) }
    let ledger = try await Ledger.open(portfolioID, events: events, in: context)
    // Opening the books has counted as one change already.
    guard ledger.portfolio.booksRevision == plan.booksRevision + 1 else { throw PortfoliosError.booksChanged }
    try await register(plan.registrations, in: context)
    for correction in plan.corrections {
        let isCorrected = try await context.transaction.correctCurrency(
            instrumentID: correction.id, currency: correction.currency, now: context.now)
        guard isCorrected else { throw PortfoliosError.booksChanged }
    }
    if !plan.drafts.isEmpty { try await ledger.record(LedgerChange(posts: plan.drafts)) }
}

/// Registers instruments under the ids that the plan uses. Another import of the user may have registered one since.
private func register(
    _ instruments: [ImportPlan.Registration], in context: OperationContext
) async throws {
    guard !instruments.isEmpty else { return }
    let rows = instruments.map { instrument in
        NewInstrument(
            instrumentID: instrument.id, source: instrument.listing.source ?? ListingResolver.ownSource,
            exchange: instrument.listing.exchange, symbol: instrument.listing.symbol, name: instrument.name,
            class: instrument.listing.source == "COINGECKO" ? .crypto : .equity, currency: instrument.currency
        )
    }
    let ids = try await context.transaction.registerInstruments(rows, now: context.now)
    guard ids == instruments.map(\.id.uuid) else { throw PortfoliosError.booksChanged }
}
